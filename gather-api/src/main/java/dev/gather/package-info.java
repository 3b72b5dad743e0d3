/** Outcomes, options, policies, exceptions and the listener: what every door of Gather uses. */
@NullMarked
package dev.gather;

import org.jspecify.annotations.NullMarked;

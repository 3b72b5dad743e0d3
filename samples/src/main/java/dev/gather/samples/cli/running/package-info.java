/** A gather at work, as the user sees it and stops it. */
@NullMarked
package dev.gather.samples.cli.running;

import org.jspecify.annotations.NullMarked;

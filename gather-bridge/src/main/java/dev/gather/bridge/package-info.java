/** Suspend functions for Java callers, and what Java returns for callers in Kotlin. */
@NullMarked
package dev.gather.bridge;

import org.jspecify.annotations.NullMarked;

/**
 * The {@code gather} command: downloads and checksums, many at a time, on top of {@link
 * dev.gather.future.Gather}.
 */
@NullMarked
package dev.gather.samples.cli;

import org.jspecify.annotations.NullMarked;

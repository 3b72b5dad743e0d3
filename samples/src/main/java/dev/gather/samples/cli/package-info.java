/**
 * The {@code gather} command: downloads and checksums, many at a time, on top of {@link
 * dev.gather.future.Gather}.
 *
 * <p>Its rooms, each of which knows only those below it:
 *
 * <pre>
 *                   cli              which command
 *            fetch       checksum    what the user can say, and the gather
 *  urls download report              where it comes from, how it is done, what came of it
 *                 running            how far it is, and Ctrl-C
 *              shell   words         streams and exit codes; values as people write and read them
 * </pre>
 */
@NullMarked
package dev.gather.samples.cli;

import org.jspecify.annotations.NullMarked;

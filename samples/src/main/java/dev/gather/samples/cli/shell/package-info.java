/** What surrounds the program: its streams, and what it tells its caller. */
@NullMarked
package dev.gather.samples.cli.shell;

import org.jspecify.annotations.NullMarked;

/** Values as people write and read them. */
@NullMarked
package dev.gather.samples.cli.words;

import org.jspecify.annotations.NullMarked;

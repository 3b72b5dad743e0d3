/** {@code gather checksum}: from directories to the lines of {@code sha256sum}. */
@NullMarked
package dev.gather.samples.cli.checksum;

import org.jspecify.annotations.NullMarked;

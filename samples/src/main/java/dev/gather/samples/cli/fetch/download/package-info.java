/** One download: over HTTP, into a file that is whole or not there. */
@NullMarked
package dev.gather.samples.cli.fetch.download;

import org.jspecify.annotations.NullMarked;

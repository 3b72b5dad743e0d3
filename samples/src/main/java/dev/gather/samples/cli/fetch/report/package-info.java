/** What came of a fetch, for people and for machines. */
@NullMarked
package dev.gather.samples.cli.fetch.report;

import org.jspecify.annotations.NullMarked;

package dev.gather.samples.cli.fetch;

import dev.gather.samples.cli.words.Durations;
import dev.gather.samples.cli.words.Rate;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to fetch.
 *
 * @param limit how many at a time
 * @param timeout for each
 * @param deadline for the whole, if any
 * @param failFast whether the first failure ends it
 * @param any whether the first success ends it, and is all that is wanted
 * @param perHost how many at a time from one host, if there is a bound
 * @param rate how many in a time from one host, if there is a bound
 * @param files where each body goes; empty if none is kept
 */
record FetchOptions(
    int limit,
    Duration timeout,
    @Nullable Duration deadline,
    boolean failFast,
    boolean any,
    @Nullable Integer perHost,
    @Nullable Rate rate,
    Map<URI, Path> files) {

  String deadlineText() {
    return deadline == null ? "the gather" : Durations.format(deadline);
  }
}

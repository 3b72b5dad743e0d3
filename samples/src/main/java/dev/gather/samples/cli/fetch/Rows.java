package dev.gather.samples.cli.fetch;

import dev.gather.CancelReason;
import dev.gather.Outcome;
import dev.gather.samples.cli.fetch.download.BadStatus;
import dev.gather.samples.cli.fetch.download.Download;
import dev.gather.samples.cli.fetch.report.FetchRow;
import dev.gather.samples.cli.fetch.report.FetchRow.State;
import dev.gather.samples.cli.words.Durations;
import dev.gather.samples.cli.words.Reasons;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/** Turns what came of the tasks into the rows of the report, one for each URL. */
final class Rows {
  private final List<URI> urls;
  private final FetchOptions options;
  private final Map<URI, Integer> firstIndex = new HashMap<>();

  Rows(List<URI> urls, FetchOptions options) {
    this.urls = urls;
    this.options = options;
    for (int i = 0; i < urls.size(); i++) {
      firstIndex.putIfAbsent(urls.get(i), i);
    }
  }

  /** All, in input order; a URL that stands there again took as long as the first time. */
  List<FetchRow> all(IntFunction<? extends Outcome<?>> outcomes, IntFunction<Duration> elapsed) {
    List<FetchRow> rows = new ArrayList<>();
    for (int i = 0; i < urls.size(); i++) {
      rows.add(of(i, outcomes.apply(i), elapsed.apply(firstIndex.get(urls.get(i)))));
    }
    return rows;
  }

  FetchRow of(int index, Outcome<?> outcome, Duration elapsed) {
    URI url = urls.get(index);
    boolean repeated = firstIndex.get(url) != index;
    if (outcome instanceof Outcome.Success<?> success
        && success.value() instanceof Download download) {
      return new FetchRow(
          url,
          State.FETCHED,
          download.status(),
          download.bytes(),
          elapsed,
          null,
          download.file(),
          repeated);
    }
    if (outcome instanceof Outcome.Cancelled<?> cancelled) {
      String error = reason(cancelled);
      return new FetchRow(url, State.CANCELLED, 0, 0, elapsed, error, null, repeated);
    }
    Throwable cause = ((Outcome.Failure<?>) outcome).cause();
    int status = cause instanceof BadStatus bad ? bad.status() : 0;
    long bytes = cause instanceof BadStatus bad ? bad.bytes() : 0;
    String error =
        cause instanceof TimeoutException
            ? "timed out after " + Durations.format(options.timeout())
            : Reasons.of(cause);
    return new FetchRow(url, State.FAILED, status, bytes, elapsed, error, null, repeated);
  }

  private String reason(Outcome.Cancelled<?> cancelled) {
    String what = cancelled.started() ? "cancelled" : "not started";
    CancelReason reason = cancelled.reason();
    return switch (reason) {
      case OTHER_FAILED -> what + ": another one failed";
      case ENOUGH -> what + ": another one was first";
      case TIMEOUT -> what + ": the deadline of " + options.deadlineText() + " passed";
      case GATHER -> what + ": interrupted";
      case TASK, RELEASED -> what;
    };
  }
}

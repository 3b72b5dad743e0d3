package dev.gather.samples.cli;

import dev.gather.CancelReason;
import dev.gather.Outcome;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One line of the report.
 *
 * @param url what was asked for
 * @param state how it ended
 * @param status the HTTP status, 0 if there was no answer
 * @param bytes of the answer
 * @param elapsed since it was started, zero if it never was
 * @param error for people, null if there is none
 * @param file where the body is, if it was kept
 * @param repeated whether an earlier line is the same download
 */
record FetchRow(
    URI url,
    State state,
    int status,
    long bytes,
    Duration elapsed,
    @Nullable String error,
    @Nullable Path file,
    boolean repeated) {

  /** How a download ended. */
  enum State {
    FETCHED,
    FAILED,
    CANCELLED
  }

  static FetchRow of(
      URI url, Outcome<?> outcome, Duration elapsed, boolean repeated, FetchOptions options) {
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
      String error = reason(cancelled, options);
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

  private static String reason(Outcome.Cancelled<?> cancelled, FetchOptions options) {
    String what = cancelled.started() ? "cancelled" : "not started";
    CancelReason reason = cancelled.reason();
    return switch (reason) {
      case OTHER_FAILED -> what + ": another one failed";
      case ENOUGH -> what + ": another one was first";
      case TIMEOUT -> what + ": the deadline of " + options.deadlineText() + " passed";
      case GATHER -> what + ": interrupted";
      case TASK -> what;
    };
  }
}

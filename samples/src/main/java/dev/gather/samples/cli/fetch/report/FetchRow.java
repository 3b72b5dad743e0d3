package dev.gather.samples.cli.fetch.report;

import dev.gather.samples.cli.words.Sizes;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
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
public record FetchRow(
    URI url,
    State state,
    int status,
    long bytes,
    Duration elapsed,
    @Nullable String error,
    @Nullable Path file,
    boolean repeated) {

  /** How a download ended. */
  public enum State {
    FETCHED,
    FAILED,
    CANCELLED
  }

  /** One line for people. */
  public String line() {
    String end = error == null ? status + ", " + Sizes.format(bytes) : error;
    return url + ": " + end + ", " + (repeated ? "as before" : elapsed.toMillis() + " ms");
  }
}

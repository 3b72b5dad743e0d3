package dev.gather.samples.cli.fetch.report;

import dev.gather.samples.cli.fetch.report.FetchRow.State;
import dev.gather.samples.cli.words.Durations;
import dev.gather.samples.cli.words.Sizes;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What came of a fetch.
 *
 * @param rows in input order
 * @param took wall time of the whole
 * @param interrupted whether Ctrl-C ended it
 * @param first which came first, where one is enough; {@link #NONE} if none came, {@link #ALL}
 *     where all are wanted
 */
public record FetchReport(List<FetchRow> rows, Duration took, boolean interrupted, int first) {
  public static final int ALL = -1;
  public static final int NONE = -2;

  public int count(State state) {
    return (int) rows.stream().filter(row -> row.state() == state).count();
  }

  /** Of all bodies, each download counted once. */
  public long bytes() {
    return rows.stream()
        .filter(row -> row.state() == State.FETCHED && !row.repeated())
        .mapToLong(FetchRow::bytes)
        .sum();
  }

  /** What it would have taken one after another. */
  public Duration sumOfParts() {
    return rows.stream()
        .filter(row -> !row.repeated())
        .map(FetchRow::elapsed)
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** Whether what was wanted is there. */
  public boolean isWell() {
    return first == ALL ? count(State.FETCHED) == rows.size() : first != NONE;
  }

  /** One line for people. */
  public String summary() {
    if (first >= 0) {
      FetchRow row = rows.get(first);
      return row.url()
          + " was first: "
          + Sizes.format(row.bytes())
          + " in "
          + Durations.seconds(took);
    }
    return String.format(
        Locale.ROOT,
        "%s%d of %d fetched, %s in %s; %s",
        interrupted ? "interrupted: " : "",
        count(State.FETCHED),
        rows.size(),
        Sizes.format(bytes()),
        Durations.seconds(took),
        comparison());
  }

  private String comparison() {
    if (count(State.CANCELLED) > 0) {
      // Nobody knows how long those would have been.
      return "the parts took " + Durations.seconds(sumOfParts()) + " together";
    }
    double factor = (double) sumOfParts().toNanos() / Math.max(1, took.toNanos());
    return String.format(
        Locale.ROOT,
        "one after another it would have been %s (%.1fx)",
        Durations.seconds(sumOfParts()),
        factor);
  }
}

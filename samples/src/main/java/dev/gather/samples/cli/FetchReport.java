package dev.gather.samples.cli;

import dev.gather.samples.cli.FetchRow.State;
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
record FetchReport(List<FetchRow> rows, Duration took, boolean interrupted, int first) {
  static final int ALL = -1;
  static final int NONE = -2;

  int count(State state) {
    return (int) rows.stream().filter(row -> row.state() == state).count();
  }

  /** Of all bodies, each download counted once. */
  long bytes() {
    return rows.stream()
        .filter(row -> row.state() == State.FETCHED && !row.repeated())
        .mapToLong(FetchRow::bytes)
        .sum();
  }

  /** What it would have taken one after another. */
  Duration sumOfParts() {
    return rows.stream()
        .filter(row -> !row.repeated())
        .map(FetchRow::elapsed)
        .reduce(Duration.ZERO, Duration::plus);
  }

  int exitCode() {
    if (interrupted) {
      return ExitCode.INTERRUPTED;
    }
    boolean isWell = first == ALL ? count(State.FETCHED) == rows.size() : first != NONE;
    return isWell ? ExitCode.OK : ExitCode.SOME_FAILED;
  }

  /** One line for people. */
  String summary() {
    if (first >= 0) {
      FetchRow row = rows.get(first);
      return row.url() + " was first: " + size(row.bytes()) + " in " + Durations.seconds(took);
    }
    return String.format(
        Locale.ROOT,
        "%s%d of %d fetched, %s in %s; %s",
        interrupted ? "interrupted: " : "",
        count(State.FETCHED),
        rows.size(),
        size(bytes()),
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

  static String size(long bytes) {
    if (bytes < 1_000) {
      return bytes + " B";
    }
    String[] units = {"kB", "MB", "GB", "TB"};
    double value = bytes;
    int unit = -1;
    // 999,950 would be rounded to 1000.0 kB.
    while (value >= 999.95 && unit < units.length - 1) {
      value /= 1_000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", value, units[Math.max(unit, 0)]);
  }
}

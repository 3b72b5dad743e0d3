package dev.gather.benchmarks.report;

import dev.gather.benchmarks.report.Budget.Key;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The budgets, and whether they were kept. */
final class Budgets {
  private static final double NONE = Double.NaN;
  private static final String PYTHON = "python";

  private static final List<Budget> FIXED =
      List.of(
          Budget.of("NotSuspending", 100_000, "raw", 0.25, 0.12),
          Budget.of("YieldingOnce", 100_000, "raw", 0.6, 0.8),
          Budget.of("Delaying", 100_000, "raw", 0.9, 0.6),
          Budget.of("LimitedSuspending", 100_000, "arrow", 0.1, 0.1),
          Budget.of("ShortCallables", 100_000, "invokeAllVirtual", 0.25, 0.2),
          Budget.of("ShortCallables", 100_000, "structured", 0.25, 0.2),
          Budget.of("SleepingCallables", 10_000, "invokeAllVirtual", 0.9, 0.9),
          Budget.of("SleepingCallables", 10_000, "structured", 0.9, 0.9),
          Budget.of("CompletedFutures", 1_000, "allOf", 1.0, 1.0),
          Budget.of("LaterFutures", 1_000, "allOf", 1.2, 1.2),
          Budget.of("SmallJava", 3, "supplyAsync", 1.2, 2),
          Budget.of("SmallKotlin", 3, "raw", 0.9, 0.8),
          Budget.of("CancelSuspended", 100_000, "raw", 0.8, NONE),
          new Budget(
              new Key("NotSuspending", Measurement.GATHER, 1_000_000),
              new Key("NotSuspending", Measurement.GATHER, 10_000),
              1.5,
              1.1));

  private Budgets() {}

  static String table(List<Measurement> measurements) {
    return Markdown.row("work", "against", "time ≤", "is", "bytes ≤", "is", "")
        + "|---|---|---:|---:|---:|---:|---|\n"
        + Stream.concat(FIXED.stream(), againstPython(measurements))
            .map(budget -> budget.row(measurements))
            .collect(Collectors.joining());
  }

  static List<String> overInBytes(List<Measurement> measurements, double tolerance) {
    return FIXED.stream()
        .filter(budget -> budget.bytesRatio(measurements) > budget.bytes() * tolerance)
        .map(budget -> budget.row(measurements))
        .toList();
  }

  /** Everything that Python did as well. */
  private static Stream<Budget> againstPython(List<Measurement> measurements) {
    return measurements.stream()
        .filter(m -> m.contender().equals(PYTHON))
        .map(m -> Budget.of(m.workload(), m.tasks(), PYTHON, 0.03, NONE));
  }
}

package dev.gather.benchmarks.report;

import java.util.List;

/** The budgets of Gather. */
public final class Budgets {
  private static final double NONE = Double.NaN;

  /** In the order of the report. */
  public static final List<Budget> ALL =
      List.of(
          new Budget("NotSuspending", 100_000, "raw", 0.15, 0.12),
          new Budget("YieldingOnce", 100_000, "raw", 0.9, 0.8),
          new Budget("Delaying", 100_000, "raw", 0.95, 0.6),
          new Budget("LimitedSuspending", 100_000, "arrow", 0.1, 0.1),
          new Budget("LimitedYielding", 100_000, "arrow", 0.75, 0.8),
          new Budget("SmallKotlin", 3, "raw", 0.5, 0.8),
          new Budget("SmallYielding", 3, "raw", 0.7, 1.3),
          new Budget("CancelSuspended", 100_000, "raw", 0.8, NONE),
          new Budget("ShortCallables", 100_000, "invokeAllVirtual", 0.25, 0.2),
          new Budget("ShortCallables", 100_000, "structured", 0.25, 0.2),
          new Budget("SleepingCallables", 10_000, "invokeAllVirtual", 0.92, 0.9),
          new Budget("SleepingCallables", 10_000, "structured", 0.9, 0.9),
          new Budget("SmallJava", 3, "supplyAsync", 1.2, 2),
          new Budget("SmallJava", 3, "invokeAllVirtual", 0.95, 1.0),
          new Budget("CancelBlocked", 10_000, "invokeAllVirtual", 1.1, NONE),
          new Budget("AsCompletedCallables", 100_000, "completionService", 0.6, NONE),
          new Budget("UncontendedCallables", 1_000, "semaphore", 1.0, NONE),
          new Budget("CompletedFutures", 1_000, "allOf", 1.0, 1.0),
          new Budget("LaterFutures", 1_000, "allOf", 1.1, 1.2),
          new Budget("BridgedCalls", 1_000, "kotlinxFuture", 1.3, 1.3));

  private Budgets() {}
}

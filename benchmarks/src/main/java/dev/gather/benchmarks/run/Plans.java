package dev.gather.benchmarks.run;

import java.util.List;

/** What is measured by the short and by the full command. */
public final class Plans {
  private static final Integer[] SIZES = {1, 3, 10, 100, 1_000, 10_000, 100_000, 1_000_000};

  /** Before virtual threads, a callable that blocks needs a thread of the system. */
  private static final Integer[] THREADS =
      Jvm.isNewer()
          ? new Integer[] {1, 10, 100, 1_000, 10_000, 100_000}
          : new Integer[] {1, 10, 100, 1_000};

  private Plans() {}

  /** Who is compared with most. */
  public static Plan brief() {
    return new Plan(briefly(), Effort.SHORT, heartbeats("alone", "gather", "raw"), python(100_000));
  }

  /** Everybody, in everything, at every size. */
  public static Plan full() {
    return new Plan(fully(), Effort.FULL, heartbeats(), python(SIZES));
  }

  private static List<Pass> briefly() {
    return List.of(
        Pass.of("NotSuspending").n(100_000),
        Pass.of("NotSuspending", "gather").n(10_000, 1_000_000),
        Pass.of("YieldingOnce", "gather", "raw", "arrow").n(100_000),
        Pass.of("Delaying", "gather", "raw").n(100_000),
        Pass.of("CpuBound", "gather", "raw").n(10_000).with("micros", 10),
        Pass.of("LimitedSuspending").n(100_000),
        Pass.of(
                "ShortCallables",
                "gather",
                "supplyAsync",
                "invokeAllFixed",
                "guava",
                "reactor",
                "invokeAllVirtual",
                "structured")
            .n(100_000),
        Pass.of("SleepingCallables", "gather", "invokeAllFixed", "invokeAllVirtual", "structured")
            .n(Jvm.isNewer() ? 10_000 : 1_000),
        Pass.of(
                "LimitedCallables",
                "gather",
                "invokeAllFixed",
                "reactor",
                "mapConcurrent",
                "parallelCollectors")
            .n(100_000),
        Pass.of("AsCompletedCallables", "gather", "gatherPublisher", "completionService", "reactor")
            .n(100_000),
        Pass.of("AsCompletedSuspending", "gather", "flow").n(100_000),
        Pass.of("LimiterCallables", "gather", "semaphore", "semaphoreVirtual", "bulkhead")
            .n(100_000),
        Pass.of("LimiterSuspending", "gather", "rawSemaphore").n(100_000),
        Pass.of("CompletedFutures", "gather", "allOf", "spotify", "guava").n(1_000),
        Pass.of("LaterFutures", "gather", "allOf", "spotify", "guava").n(1_000),
        Pass.of("SmallKotlin"),
        Pass.of("SmallJava", "gather", "supplyAsync", "invokeAllVirtual", "structured"),
        Pass.of("HttpFanOut", "gather", "allOf").n(3, 200),
        Pass.of("LazyInput", "gather").n(10_000_000),
        Jvm.isNewer()
            ? Pass.of("AnyCallables", "gather", "invokeAnyVirtual", "structured").n(10)
            : Pass.of("AnyCallables", "gather", "invokeAnyFixed").n(10),
        Pass.of("FirstFailure", "gather", "raw").n(100_000).slow(),
        Pass.of("CancelSuspended", "gather", "raw").n(100_000).slow(),
        Jvm.isNewer()
            ? Pass.of("CancelBlocked", "gather", "invokeAllVirtual", "structured").n(10_000)
            : Pass.of("CancelBlocked", "gather", "invokeAllFixed").n(1_000),
        Pass.of("OptionsSuspending").n(100_000),
        Pass.of("OptionsCallables").n(100_000));
  }

  private static List<Pass> fully() {
    return List.of(
        Pass.of("NotSuspending").n(SIZES),
        Pass.of("YieldingOnce").n(SIZES),
        Pass.of("Delaying").n(SIZES),
        Pass.of("CpuBound").n(10_000),
        Pass.of("LimitedSuspending").n(SIZES),
        Pass.of("LimitedYielding").n(SIZES),
        Pass.of("ShortCallables").n(SIZES),
        Pass.of("CpuBoundCallables").n(10_000),
        Pass.of("SleepingCallables").n(THREADS),
        Pass.of("LimitedCallables").n(SIZES),
        Pass.of("AsCompletedCallables").n(SIZES),
        Pass.of("AsCompletedSuspending").n(SIZES),
        Pass.of("LimiterCallables").n(SIZES),
        Pass.of("LimiterSuspending").n(SIZES),
        Pass.of("UncontendedCallables").n(1_000),
        Pass.of("UncontendedSuspending").n(1_000),
        Pass.of("CompletedFutures").n(SIZES),
        Pass.of("LaterFutures").n(SIZES),
        Pass.of("BridgedCalls").n(1_000),
        Pass.of("SmallKotlin"),
        Pass.of("SmallYielding"),
        Pass.of("SmallJava"),
        Pass.of("HttpFanOut").n(3, 200),
        Pass.of("HttpFanOutSuspending").n(3, 200),
        Pass.of("LazyInput").n(10_000_000),
        Pass.of("AnyCallables").n(3, 10, 100),
        Pass.of("FirstFailure").n(100_000).slow(),
        Pass.of("CancelSuspended").n(100_000).slow(),
        Pass.of("CancelBlocked").n(10_000).slow(),
        Pass.of("OptionsSuspending").n(1_000, 100_000),
        Pass.of("OptionsCallables").n(1_000, 100_000));
  }

  private static List<Pass> heartbeats(String... contenders) {
    return List.of(Pass.of(Fairness.WORKLOAD, contenders).n(1_000_000));
  }

  private static List<Pass> python(Integer... sizes) {
    return List.of(
        Pass.of("NotSuspending").n(sizes),
        Pass.of("YieldingOnce").n(sizes),
        Pass.of("Delaying").n(sizes),
        Pass.of("LimitedSuspending").n(sizes),
        Pass.of("CompletedFutures").n(sizes.length == 1 ? new Integer[] {1_000} : sizes),
        Pass.of("SmallKotlin").n(3),
        Pass.of("CancelSuspended").n(100_000));
  }
}

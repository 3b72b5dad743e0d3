package dev.gather.benchmarks.run;

import java.util.List;

/** What is measured by the short and by the full command. */
public final class Plans {
  private static final Object[] SIZES = {1, 3, 10, 100, 1_000, 10_000, 100_000, 1_000_000};

  private Plans() {}

  public static List<Pass> brief() {
    return List.of(
        Pass.of("NotSuspending").with("n", 100_000),
        Pass.of("NotSuspending", "gather").with("n", 10_000, 1_000_000),
        Pass.of("YieldingOnce").with("n", 100_000),
        Pass.of("Delaying").with("n", 100_000),
        Pass.of("LimitedSuspending").with("n", 100_000),
        Pass.of("ShortCallables").with("n", 100_000));
  }

  public static List<Pass> full() {
    return List.of(
        Pass.of("NotSuspending").with("n", SIZES),
        Pass.of("YieldingOnce").with("n", SIZES),
        Pass.of("Delaying").with("n", SIZES),
        Pass.of("CpuBound").with("n", 10_000),
        Pass.of("LimitedSuspending").with("n", SIZES),
        Pass.of("ShortCallables").with("n", SIZES));
  }
}

package dev.gather.benchmarks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gather.benchmarks.report.Report;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a task allocates hardly differs from run to run, so its budgets can be a part of the build.
 */
class AllocationBudgetsTest {
  /** Enough for the compiler to have seen everything. */
  private static final Effort LITTLE = new Effort(1, 3, 2, 200);

  /** What the compiler optimises away depends on the load, for Gather as for its peers. */
  private static final double TOLERANCE = 1.25;

  @TempDir private Path directory;

  @Test
  void areKept() throws Exception {
    System.setProperty("jmh.ignoreLock", "true"); // somebody may be measuring on this machine
    // Not the small gather of callables, nor the delays: how many threads come up in the one, and
    // how
    // many tasks wait at once in the other, depends on the load.
    List<Pass> passes =
        List.of(
            Pass.of("NotSuspending", "gather", "raw").n(100_000),
            Pass.of("NotSuspending", "gather").n(10_000, 1_000_000),
            Pass.of("YieldingOnce", "gather", "raw").n(100_000),
            Pass.of("LimitedSuspending", "gather", "arrow").n(100_000),
            Pass.of("ShortCallables", "gather", "invokeAllVirtual", "structured").n(100_000),
            Pass.of("CompletedFutures", "gather", "allOf").n(1_000),
            Pass.of("LaterFutures", "gather", "allOf").n(1_000),
            Pass.of("SmallKotlin", "gather", "raw"));
    Path json = directory.resolve("results.json");
    new Session(json).measure(new Plan(passes, LITTLE, List.of(), List.of()), Path.of("none"));
    assertEquals(List.of(), Report.bytesOverBudget(json, TOLERANCE));
  }
}

package dev.gather.benchmarks.paired;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.benchmarks.report.Budget;
import dev.gather.benchmarks.report.Budgets;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a task allocates hardly differs from run to run, so its budgets can be a part of the build.
 */
class AllocationBudgetsTest {
  /** Enough for the compiler to have seen everything. */
  private static final Duration WARMUP = Duration.ofSeconds(2);

  private static final Duration MEASURED = Duration.ofSeconds(1);

  /** What the compiler optimises away depends on the load, for Gather as for its peers. */
  private static final double TOLERANCE = 1.25;

  /** How many threads come up, or how many tasks wait at once, depends on the load. */
  private static final Set<String> DEPEND_ON_THE_LOAD =
      Set.of("Delaying", "SmallJava", "SleepingCallables");

  static Stream<Budget> budgets() {
    return Budgets.ALL.stream()
        .filter(budget -> !Double.isNaN(budget.bytes()))
        .filter(budget -> !DEPEND_ON_THE_LOAD.contains(budget.workload()))
        .filter(budget -> Pairing.isThere(budget.workload(), budget.peer()));
  }

  @ParameterizedTest
  @MethodSource("budgets")
  void areKept(Budget budget) throws Exception {
    Pairs pairs =
        PairingJvm.measureOnce(
            budget.workload(), budget.n(), budget.peer(), true, WARMUP, MEASURED);
    assertTrue(budget.allowsBytes(pairs, TOLERANCE), () -> "bytes: " + pairs.bytes());
  }

  @Test
  void aTaskOfAMillionAllocatesNoMoreThanOneOfTenThousand() throws Exception {
    assertTrue(bytesOfTask(1_000_000) <= bytesOfTask(10_000) * 1.1 * TOLERANCE);
  }

  private static double bytesOfTask(int n) throws Exception {
    Pairs pairs = PairingJvm.measureOnce("NotSuspending", n, "raw", true, WARMUP, MEASURED);
    return pairs.quantile(0.5, Turn::bytes) / n;
  }
}

package dev.gather.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.benchmarks.Listed;
import dev.gather.benchmarks.paired.Pairs;
import dev.gather.benchmarks.paired.Turn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PairedReportTest {
  private static final Pairs PAIRS =
      new Pairs(
          "YieldingOnce",
          1_000,
          "raw",
          List.of(new Turn(4e5, 2e5, 1e6, 4e5), new Turn(6e5, 2e5, 1e6, 4e5)));

  @TempDir private Path directory;

  @Test
  void aLineSaysWhatIsAllowedWhatItIsAndHowMuchThatVaries() {
    Budget budget = new Budget("YieldingOnce", 1_000, "raw", 0.6, 0.4);
    assertEquals(
        "| Coroutines that yield once, n = 1,000 | raw | 0.60 | 0.50 | 0.45–0.55 | 500 ns | 1.00 µs"
            + " | 0.40 | 0.50 | 200 | **missed** |\n",
        new PairedReport("here").add(budget, PAIRS));
  }

  @Test
  void aBudgetIsMetInTimeAndInBytes() {
    assertTrue(new Budget("YieldingOnce", 1_000, "raw", 0.5, 0.5).isMet(PAIRS));
    assertTrue(new Budget("YieldingOnce", 1_000, "raw", 0.5, Double.NaN).isMet(PAIRS));
    assertFalse(new Budget("YieldingOnce", 1_000, "raw", 0.49, 0.5).isMet(PAIRS));
    assertFalse(new Budget("YieldingOnce", 1_000, "raw", 0.5, 0.49).isMet(PAIRS));
    assertTrue(new Budget("YieldingOnce", 1_000, "raw", 0, 0.4).allowsBytes(PAIRS, 1.25));
    assertFalse(new Budget("YieldingOnce", 1_000, "raw", 1, 0.4).allowsBytes(PAIRS, 1.2));
  }

  @Test
  void everyTurnIsKept() throws Exception {
    PairedReport report = new PairedReport("here");
    report.add(Budgets.ALL.get(0), PAIRS);
    report.write(directory.resolve("paired.md"));
    assertEquals(report.text(), Files.readString(directory.resolve("paired.md")));
    assertTrue(
        Files.readString(directory.resolve("paired.json")).contains("\"peerNanos\":1000000.0"));
  }

  @Test
  void everythingThatHasABudgetIsThere() {
    var there = Listed.contenders();
    for (Budget budget : Budgets.ALL) {
      assertTrue(there.get(budget.workload()).contains("gather"), budget::toString);
      boolean isNewer = budget.peer().endsWith("Virtual") || budget.peer().equals("structured");
      assertTrue(isNewer || there.get(budget.workload()).contains(budget.peer()), budget::toString);
    }
  }
}

package dev.gather.benchmarks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.benchmarks.Listed;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlansTest {
  /** Those of {@code src/jdk25}. */
  private static final Set<String> ON_NEWER_JDKS =
      Set.of(
          "invokeAllVirtual",
          "invokeAnyVirtual",
          "semaphoreVirtual",
          "structured",
          "mapConcurrent",
          "parallelCollectors");

  private static final Map<String, Set<String>> THERE = Listed.contenders();

  @Test
  void everyContenderThatIsNamedIsThere() {
    for (Pass pass : Plans.brief().jmh()) {
      for (String contender : pass.contenders()) {
        assertTrue(
            THERE.get(pass.workload()).contains(contender) || ON_NEWER_JDKS.contains(contender),
            () -> pass.workload() + ": " + contender);
      }
    }
  }

  @Test
  void bothPlansMeasureEveryWorkloadThatHasABudget() {
    for (Plan plan : List.of(Plans.brief(), Plans.full())) {
      Set<String> measured = plan.jmh().stream().map(Pass::workload).collect(Collectors.toSet());
      assertTrue(
          measured.containsAll(
              Set.of("NotSuspending", "YieldingOnce", "Delaying", "LimitedSuspending")));
    }
  }

  @Test
  void theFullPlanHasEverythingButTheOnlyOneThatJmhDoesNotMeasure() {
    Set<String> measured =
        Plans.full().jmh().stream().map(Pass::workload).collect(Collectors.toSet());
    assertEquals(new HashSet<>(THERE.keySet()), measured);
    assertEquals("Heartbeat", Plans.full().heartbeats().get(0).workload());
  }

  @Test
  void aPatternMatchesTheContendersOfItsWorkloadOnly() {
    String pattern = Pass.of("ShortCallables", "gather", "guava").pattern();
    assertEquals(
        List.of(true, true, false, false, false),
        Stream.of(
                "dev.gather.benchmarks.workloads.ShortCallables.gather",
                "dev.gather.benchmarks.jdk25.ShortCallables.guava",
                "dev.gather.benchmarks.workloads.ShortCallables.gatherTyped",
                "dev.gather.benchmarks.workloads.ShortCallables.raw",
                "dev.gather.benchmarks.workloads.NotShortCallables.gather")
            .map(name -> Pattern.compile(pattern).matcher(name).find())
            .toList());
  }
}

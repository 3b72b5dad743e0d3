package dev.gather.benchmarks.workloads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.benchmarks.Listed;
import dev.gather.benchmarks.paired.Trial;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that is measured does what it is measured for. */
class WorkloadsTest {

  static Stream<Arguments> contenders() {
    return Listed.all().stream()
        .flatMap(
            entry ->
                Stream.of(1, 7)
                    .map(n -> Arguments.of(entry.getUserClassQName(), Listed.contender(entry), n)));
  }

  @ParameterizedTest(name = "{0}.{1}, n = {2}")
  @MethodSource("contenders")
  void aContenderGivesTheItemsBackInTheirOrder(String workload, String contender, int n)
      throws Exception {
    Trial trial = new Trial(Class.forName(workload), contender, n);
    try {
      Object result = trial.run();
      if (workload.endsWith(".LazyInput")) {
        assertEquals(n, ((Collection<?>) result).size());
      }
    } finally {
      trial.end();
    }
  }

  @Test
  void inEveryWorkloadGatherHasAPeer() {
    Listed.contenders()
        .forEach(
            (workload, contenders) ->
                assertTrue(
                    contenders.contains("gather") && contenders.size() > 1,
                    () -> workload + ": " + contenders));
  }

  @Test
  void whatIsNotInOrderIsNoticed() {
    NotSuspending workload = new NotSuspending();
    workload.items = List.of(new Item(0), new Item(1));
    List<Item> turned = List.of(new Item(1), new Item(0));
    assertThrows(AssertionError.class, () -> workload.check(turned));
  }
}

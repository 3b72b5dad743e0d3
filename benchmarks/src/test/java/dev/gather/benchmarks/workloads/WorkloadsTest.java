package dev.gather.benchmarks.workloads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Everything that is measured does what it is measured for. */
class WorkloadsTest {

  static Stream<Arguments> contenders() {
    return listed().stream()
        .flatMap(
            entry ->
                Stream.of(1, 7)
                    .map(n -> Arguments.of(entry.getUserClassQName(), contender(entry), n)));
  }

  @ParameterizedTest(name = "{0}.{1}, n = {2}")
  @MethodSource("contenders")
  void aContenderGivesTheItemsBackInTheirOrder(String workload, String contender, int n)
      throws Exception {
    Object result = new Trial(Class.forName(workload), contender, n).run();
    if (workload.endsWith(".LazyInput")) {
      assertEquals(n, ((Collection<?>) result).size());
    }
  }

  @Test
  void everyWorkloadHasGatherAndSomebodyElse() {
    listed().stream()
        .filter(entry -> !entry.getUserClassQName().contains(".jdk25."))
        .collect(
            Collectors.groupingBy(
                BenchmarkListEntry::getUserClassQName,
                Collectors.mapping(WorkloadsTest::contender, Collectors.toSet())))
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
    assertThrows(AssertionError.class, () -> workload.check(List.of(new Item(1), new Item(0))));
  }

  private static Set<BenchmarkListEntry> listed() {
    return BenchmarkList.defaultList()
        .find(
            OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT),
            List.of(".*"),
            List.of());
  }

  private static String contender(BenchmarkListEntry entry) {
    return entry.getUsername().substring(entry.getUsername().lastIndexOf('.') + 1);
  }
}

package dev.gather.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What JMH has found when it was compiled. */
public final class Listed {
  private Listed() {}

  public static Set<BenchmarkListEntry> all() {
    return BenchmarkList.defaultList()
        .find(
            OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT),
            List.of(".*"),
            List.of());
  }

  /** The contenders of each workload, wherever they come from. */
  public static Map<String, Set<String>> contenders() {
    return all().stream()
        .collect(
            Collectors.groupingBy(
                Listed::workload,
                TreeMap::new,
                Collectors.mapping(Listed::contender, Collectors.toSet())));
  }

  public static String workload(BenchmarkListEntry entry) {
    return last(entry.getUserClassQName());
  }

  public static String contender(BenchmarkListEntry entry) {
    return last(entry.getUsername());
  }

  private static String last(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }
}

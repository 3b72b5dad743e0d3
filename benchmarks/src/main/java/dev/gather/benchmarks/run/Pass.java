package dev.gather.benchmarks.run;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Some contenders in one workload, told some numbers. No contenders means all of them. */
public record Pass(String workload, List<String> contenders, Map<String, List<Integer>> params) {

  static Pass of(String workload, String... contenders) {
    return new Pass(workload, List.of(contenders), Map.of());
  }

  Pass with(String param, Integer... values) {
    Map<String, List<Integer>> more = new TreeMap<>(params);
    more.put(param, List.of(values));
    return new Pass(workload, contenders, more);
  }

  Pass n(Integer... sizes) {
    return with("n", sizes);
  }

  /** A regular expression over the names of JMH. */
  String pattern() {
    String methods = contenders.isEmpty() ? "\\w+" : String.join("|", contenders);
    return "\\." + workload + "\\.(" + methods + ")$";
  }
}

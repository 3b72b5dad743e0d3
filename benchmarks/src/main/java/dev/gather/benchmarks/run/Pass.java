package dev.gather.benchmarks.run;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Some contenders in one workload.
 *
 * @param contenders none means all
 * @param params what they are told; what is missing has its default
 * @param isSlow whether there are so few calls in an iteration that it takes more to warm up
 */
record Pass(
    String workload, List<String> contenders, Map<String, List<Integer>> params, boolean isSlow) {

  static Pass of(String workload, String... contenders) {
    return new Pass(workload, List.of(contenders), Map.of(), false);
  }

  Pass with(String param, Integer... values) {
    Map<String, List<Integer>> more = new TreeMap<>(params);
    more.put(param, List.of(values));
    return new Pass(workload, contenders, more, isSlow);
  }

  Pass n(Integer... sizes) {
    return with("n", sizes);
  }

  Pass only(List<String> wanted) {
    return new Pass(workload, wanted, params, isSlow);
  }

  Pass slow() {
    return new Pass(workload, contenders, params, true);
  }

  boolean isWanted(String contender) {
    return contenders.isEmpty() || contenders.contains(contender);
  }

  /** A regular expression over the names of JMH. */
  String pattern() {
    String methods = contenders.isEmpty() ? "\\w+" : String.join("|", contenders);
    return "\\." + workload + "\\.(" + methods + ")$";
  }
}

package dev.gather.benchmarks.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Some contenders in one workload, at some sizes. No contenders means all of them. */
public record Pass(String workload, List<String> contenders, Map<String, List<String>> params) {

  static Pass of(String workload, String... contenders) {
    return new Pass(workload, List.of(contenders), Map.of());
  }

  Pass with(String param, Object... values) {
    Map<String, List<String>> more = new LinkedHashMap<>(params);
    more.put(param, List.of(values).stream().map(Object::toString).toList());
    return new Pass(workload, contenders, more);
  }

  public Pass only(List<String> wanted) {
    if (wanted.isEmpty()) {
      return this;
    }
    List<String> left =
        contenders.isEmpty() ? wanted : contenders.stream().filter(wanted::contains).toList();
    return new Pass(workload, left.isEmpty() ? wanted : left, params);
  }

  /** A regular expression over the names of JMH. */
  String pattern() {
    return "\\."
        + workload
        + "\\."
        + (contenders.isEmpty() ? "" : "(" + String.join("|", contenders) + ")$");
  }
}

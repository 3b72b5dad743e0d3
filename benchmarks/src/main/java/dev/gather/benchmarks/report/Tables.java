package dev.gather.benchmarks.report;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One table for each workload and size: who needed how much, and how many times what Gather did.
 */
final class Tables {
  static final String GATHER = "gather";

  private Tables() {}

  static String of(List<Measurement> measurements) {
    Map<String, List<Measurement>> groups =
        measurements.stream()
            .sorted(Comparator.comparing(m -> Subject.of(m.workload())))
            .collect(
                Collectors.groupingBy(Tables::heading, LinkedHashMap::new, Collectors.toList()));
    StringBuilder text = new StringBuilder();
    groups.forEach((heading, rows) -> text.append(table(heading, rows)));
    return text.toString();
  }

  private static String heading(Measurement m) {
    Map<String, String> params = new TreeMap<>(m.params());
    params.remove("n");
    String title = Subject.of(m.workload()).title();
    return (title.isEmpty() ? m.workload() : title)
        + params.entrySet().stream()
            .map(param -> ", " + param.getKey() + " " + param.getValue())
            .collect(Collectors.joining())
        + ", n = "
        + Numbers.count(m.tasks());
  }

  private static String table(String heading, List<Measurement> rows) {
    Measurement gather =
        rows.stream().filter(row -> row.contender().equals(GATHER)).findFirst().orElse(null);
    StringBuilder text = new StringBuilder("### " + heading + "\n\n");
    text.append("| contender | time | ± | bytes | time, × Gather | bytes, × Gather |\n");
    text.append("|---|---:|---:|---:|---:|---:|\n");
    rows.stream()
        .sorted(Comparator.comparing(Measurement::nanos))
        .forEach(
            row ->
                text.append("| ")
                    .append(row.contender().equals(GATHER) ? "**gather**" : row.contender())
                    .append(" | ")
                    .append(Numbers.time(row.nanos()))
                    .append(" | ")
                    .append(Numbers.time(row.error()))
                    .append(" | ")
                    .append(Numbers.bytes(row.bytes()))
                    .append(" | ")
                    .append(
                        Numbers.ratio(gather == null ? Double.NaN : row.nanos() / gather.nanos()))
                    .append(" | ")
                    .append(
                        Numbers.ratio(gather == null ? Double.NaN : row.bytes() / gather.bytes()))
                    .append(" |\n"));
    return text.append('\n').toString();
  }
}

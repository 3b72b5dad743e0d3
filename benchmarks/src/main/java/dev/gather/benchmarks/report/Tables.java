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
  private Tables() {}

  static String of(List<Measurement> measurements) {
    Map<String, List<Measurement>> groups =
        measurements.stream()
            .sorted(
                Comparator.comparing((Measurement m) -> Subject.of(m.workload()))
                    .thenComparing(Measurement::tasks))
            .collect(
                Collectors.groupingBy(Tables::heading, LinkedHashMap::new, Collectors.toList()));
    return groups.entrySet().stream()
        .map(group -> table(group.getKey(), group.getValue()))
        .collect(Collectors.joining("\n"));
  }

  /** The workload, and what it was told: {@code Coroutines that compute, micros 10, n = 1,000}. */
  private static String heading(Measurement m) {
    Map<String, String> others = new TreeMap<>(m.params());
    others.remove("n");
    String said =
        others.entrySet().stream()
            .map(param -> ", " + param.getKey() + " " + param.getValue())
            .collect(Collectors.joining());
    return Subject.of(m.workload()).title() + said + ", n = " + Numbers.count(m.tasks());
  }

  private static String table(String heading, List<Measurement> rows) {
    boolean isForEachTask = Subject.of(rows.get(0).workload()).isForEachTask();
    boolean hasTail = rows.stream().anyMatch(row -> row.nanos().p99() < row.nanos().max());
    Samples none = Samples.NONE;
    Samples time =
        rows.stream().filter(Measurement::isGather).map(Measurement::nanos).findAny().orElse(none);
    Samples bytes =
        rows.stream().filter(Measurement::isGather).map(Measurement::bytes).findAny().orElse(none);
    String unit = isForEachTask ? " per task" : "";
    StringBuilder text = new StringBuilder("### " + heading + "\n\n");
    text.append(
        Markdown.row(
            "contender",
            "time" + unit,
            hasTail ? "99 %, max" : "from, to",
            "bytes" + unit,
            "time, × Gather",
            "bytes, × Gather"));
    text.append("|---|---:|---:|---:|---:|---:|\n");
    rows.stream()
        .sorted(Comparator.comparing(row -> row.nanos().median()))
        .forEach(
            row ->
                text.append(
                    Markdown.row(
                        row.isGather() ? "**gather**" : row.contender(),
                        Numbers.time(row.nanos().median()),
                        Numbers.time(hasTail ? row.nanos().p99() : row.nanos().min())
                            + ", "
                            + Numbers.time(row.nanos().max()),
                        Numbers.bytes(row.bytes().median()),
                        Numbers.ratio(row.nanos().median() / time.median()),
                        Numbers.ratio(row.bytes().median() / bytes.median()))));
    return text.toString();
  }
}

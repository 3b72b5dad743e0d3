package dev.gather.benchmarks.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Time and bytes against the number of tasks, for each workload that was measured at some sizes.
 */
final class Charts {
  private static final int SOME_SIZES = 3;

  private Charts() {}

  /**
   * Writes one SVG file for each chart.
   *
   * @param base what the names of the files begin with
   * @return the files
   */
  static List<Path> write(Path base, List<Measurement> measurements) throws IOException {
    List<Path> written = new ArrayList<>();
    Map<String, List<Measurement>> workloads =
        measurements.stream()
            .collect(
                Collectors.groupingBy(Measurement::workload, TreeMap::new, Collectors.toList()));
    for (Map.Entry<String, List<Measurement>> workload : workloads.entrySet()) {
      String name = base + "-" + workload.getKey();
      List<Measurement> rows = workload.getValue();
      written.addAll(write(name + "-time", "ns", rows, row -> row.nanos().median()));
      written.addAll(write(name + "-bytes", "bytes", rows, row -> row.bytes().median()));
    }
    return written;
  }

  private static List<Path> write(
      String name, String unit, List<Measurement> rows, ToDoubleFunction<Measurement> value)
      throws IOException {
    Map<String, Map<Integer, Double>> lines = lines(rows, value);
    if (lines.isEmpty()) {
      return List.of();
    }
    Subject subject = Subject.of(rows.get(0).workload());
    LogLogChart chart =
        new LogLogChart(subject.title(), subject.isForEachTask() ? unit + " per task" : unit);
    lines.forEach(chart::add);
    Path file = Path.of(name + ".svg");
    chart.write(file);
    return List.of(file);
  }

  /**
   * Of each contender: the values by the number of tasks. Zero has no place on a logarithmic axis.
   */
  private static Map<String, Map<Integer, Double>> lines(
      List<Measurement> rows, ToDoubleFunction<Measurement> value) {
    Map<String, Map<Integer, Double>> lines = new TreeMap<>(gatherLast());
    rows.stream()
        .filter(row -> value.applyAsDouble(row) > 0)
        .forEach(
            row ->
                lines
                    .computeIfAbsent(row.contender(), contender -> new TreeMap<>())
                    .put(row.tasks(), value.applyAsDouble(row)));
    lines.values().removeIf(line -> line.size() < SOME_SIZES);
    return lines;
  }

  /** So that it is drawn over the others. */
  private static Comparator<String> gatherLast() {
    return Comparator.comparing((String contender) -> contender.equals(Measurement.GATHER))
        .thenComparing(Comparator.naturalOrder());
  }
}

package dev.gather.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the JSON of JMH. */
final class Measurements {
  private Measurements() {}

  static List<Measurement> of(JsonNode results) {
    List<Measurement> measurements = new ArrayList<>();
    for (JsonNode result : results) {
      measurements.add(measurement(result));
    }
    return measurements;
  }

  private static Measurement measurement(JsonNode result) {
    String[] name = result.path("benchmark").asText().split("\\.");
    String workload = name[name.length - 2];
    Map<String, String> params = new TreeMap<>();
    result.path("params").properties().forEach(p -> params.put(p.getKey(), p.getValue().asText()));
    Subject subject = Subject.of(workload);
    double divisor = subject.divisor(Integer.parseInt(params.getOrDefault("n", "1")));
    JsonNode allocated = result.path("secondaryMetrics").path("gc.alloc.rate.norm");
    return new Measurement(
        workload,
        name[name.length - 1],
        params,
        Samples.of(result.path("primaryMetric"), divisor),
        subject.hasBytes() ? Samples.of(allocated, divisor) : Samples.NONE);
  }
}

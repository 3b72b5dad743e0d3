package dev.gather.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the JSON of JMH. */
public final class Measurements {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Measurements() {}

  public static List<Measurement> read(Path file) throws IOException {
    List<Measurement> measurements = new ArrayList<>();
    for (JsonNode result : JSON.readTree(file.toFile())) {
      measurements.add(measurement(result));
    }
    return measurements;
  }

  private static Measurement measurement(JsonNode result) {
    String[] name = result.path("benchmark").asText().split("\\.");
    Map<String, String> params = new TreeMap<>();
    result.path("params").properties().forEach(p -> params.put(p.getKey(), p.getValue().asText()));
    Subject subject = Subject.of(name[name.length - 2]);
    double per = subject.divisor(Integer.parseInt(params.getOrDefault("n", "1")));
    JsonNode time = result.path("primaryMetric");
    double bytes = number(result.path("secondaryMetrics").path("gc.alloc.rate.norm").path("score"));
    return new Measurement(
        name[name.length - 2],
        name[name.length - 1],
        params,
        number(time.path("score")) / per,
        number(time.path("scoreError")) / per,
        subject.hasBytes() ? bytes / per : Double.NaN);
  }

  /** JMH writes "NaN" as a text. */
  private static double number(JsonNode node) {
    return node.isNumber() ? node.asDouble() : Double.NaN;
  }
}

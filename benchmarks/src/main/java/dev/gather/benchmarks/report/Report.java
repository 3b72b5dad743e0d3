package dev.gather.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Writes, beside a JSON file of JMH, what people read. */
public final class Report {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Report() {}

  /**
   * Makes the report, under the name of the JSON file.
   *
   * @return the file with the tables
   */
  public static Path write(Path json) throws IOException {
    JsonNode results = JSON.readTree(json.toFile());
    List<Measurement> measurements = Measurements.of(results);
    String name = json.getFileName().toString().replaceFirst("\\.json$", "");
    Path page = json.resolveSibling(name + ".md");
    Files.writeString(page, text(name, versions(results), measurements));
    Charts.write(json.resolveSibling(name), measurements);
    return page;
  }

  private static String text(String name, String versions, List<Measurement> measurements) {
    return "# " + name + "\n\n" + versions + "\n\n" + Tables.of(measurements);
  }

  /** Of what the contenders ran on. */
  private static String versions(JsonNode results) {
    Set<String> versions = new LinkedHashSet<>();
    for (JsonNode result : results) {
      if (result.has("jdkVersion")) {
        versions.add("JDK " + result.path("jdkVersion").asText());
      }
      if (result.has("pythonVersion")) {
        versions.add("Python " + result.path("pythonVersion").asText());
      }
    }
    return String.join(", ", versions);
  }
}

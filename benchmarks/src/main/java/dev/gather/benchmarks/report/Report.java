package dev.gather.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes, beside a JSON file of JMH, what people read. */
public final class Report {
  private Report() {}

  /**
   * Makes the report, under the name of the JSON file.
   *
   * @return the file with the tables
   */
  public static Path write(Path json) throws IOException {
    List<Measurement> measurements = Measurements.read(json);
    String name = json.getFileName().toString().replaceFirst("\\.json$", "");
    Path page = json.resolveSibling(name + ".md");
    Files.writeString(page, text(name, measurements));
    Charts.write(json.resolveSibling(name), measurements);
    return page;
  }

  static String text(String name, List<Measurement> measurements) {
    return "# "
        + name
        + "\n\n## Budgets: Gather ÷ the other\n\n"
        + Budgets.table(measurements)
        + "\n## Measured\n\n"
        + Tables.of(measurements);
  }
}

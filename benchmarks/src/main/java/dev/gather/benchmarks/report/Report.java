package dev.gather.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes, beside a JSON file of JMH, what people read. */
public final class Report {
  private Report() {}

  /**
   * @return the text
   */
  public static String write(Path json) throws IOException {
    List<Measurement> measurements = Measurements.read(json);
    String name = json.getFileName().toString().replaceFirst("\\.json$", "");
    String text =
        "# "
            + name
            + "\n\n## Budgets (Gather ÷ the other)\n\n"
            + Budgets.table(measurements)
            + "## Measured\n\n"
            + Tables.of(measurements);
    Files.writeString(json.resolveSibling(name + ".md"), text);
    return text;
  }
}

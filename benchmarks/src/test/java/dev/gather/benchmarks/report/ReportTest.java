package dev.gather.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  @TempDir private Path directory;

  @Test
  void tablesOfWhatJmhHasWritten() throws Exception {
    Path page = Report.write(copy("results.json"));
    assertEquals(resource("results.md"), Files.readString(page));
  }

  @Test
  void aChartForEachMeasureOfAWorkloadMeasuredAtSomeSizes() throws Exception {
    Report.write(copy("results.json"));
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(
          List.of("results-NotSuspending-bytes.svg", "results-NotSuspending-time.svg"),
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".svg"))
              .sorted()
              .toList());
    }
    String chart = Files.readString(directory.resolve("results-NotSuspending-time.svg"));
    for (String text : List.of(">gather<", ">raw<", ">ns per task<", ">tasks<")) {
      assertTrue(chart.contains(text), text);
    }
  }

  private Path copy(String resource) throws Exception {
    return Files.writeString(directory.resolve(resource), resource(resource));
  }

  private static String resource(String name) throws Exception {
    return Files.readString(Path.of(ReportTest.class.getResource(name).toURI()));
  }
}

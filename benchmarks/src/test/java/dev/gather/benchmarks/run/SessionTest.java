package dev.gather.benchmarks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionTest {
  private static final Path SCRIPT = Path.of("python/gather_bench.py");

  /** In this JVM, and just once. */
  private static final Effort LEAST = new Effort(0, 0, 1, 1);

  @TempDir private Path directory;

  @Test
  void writesTheRowsOfJmhAndOfWhatMeasuresBesideIt() throws Exception {
    System.setProperty("jmh.ignoreLock", "true"); // somebody may be measuring on this machine
    Path json = directory.resolve("new").resolve("results.json");
    Plan plan =
        new Plan(
            List.of(Pass.of("NotSuspending", "gather", "raw").n(3), Pass.of("NotThere").n(3)),
            LEAST,
            List.of(Pass.of("Heartbeat", "gather").n(3)),
            List.of());
    new Session(json).measure(plan, SCRIPT);
    List<String> rows = new ArrayList<>();
    for (JsonNode row : new ObjectMapper().readTree(json.toFile())) {
      rows.add(
          row.path("benchmark").asText().replaceAll(".*\\.(\\w+\\.\\w+)", "$1")
              + " "
              + row.path("params").path("n").asText());
    }
    assertEquals(
        List.of("NotSuspending.gather 3", "NotSuspending.raw 3", "Heartbeat.gather 3"), rows);
  }
}

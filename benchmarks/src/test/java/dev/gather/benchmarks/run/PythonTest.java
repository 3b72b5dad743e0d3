package dev.gather.benchmarks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class PythonTest {
  private static final Path SCRIPT = Path.of("python/gather_bench.py");

  @Test
  void doesEveryWorkloadItIsToldTo() throws Exception {
    Results results = new Results();
    List<Pass> passes =
        Plans.brief().python().stream()
            .map(pass -> pass.workload().startsWith("Small") ? pass : pass.n(1, 7))
            .toList();
    boolean isThere = new Python("python3", 0).measure(SCRIPT, passes, results);
    List<String> expected =
        passes.stream()
            .flatMap(pass -> pass.params().get("n").stream().map(n -> pass.workload() + " " + n))
            .toList();
    // A machine need not have a Python.
    assertEquals(isThere ? expected : List.of(), rows(results));
  }

  @Test
  void withoutPythonThereAreNoRows() throws Exception {
    Results results = new Results();
    assertEquals(
        false, new Python("python-that-is-not-there", 0).measure(SCRIPT, List.of(), results));
    assertEquals(List.of(), rows(results));
  }

  @Test
  void aScriptThatFailsIsNoticed() {
    IOException failure =
        assertThrows(
            IOException.class,
            () -> new Python("false", 0).measure(SCRIPT, List.of(), new Results()));
    assertTrue(failure.getMessage().contains("ended with 1"), failure::getMessage);
  }

  private static List<String> rows(Results results) {
    return StreamSupport.stream(results.rows().spliterator(), false)
        .map(
            row ->
                row.path("benchmark").asText().split("\\.")[1]
                    + " "
                    + row.path("params").path("n").asText())
        .collect(Collectors.toList());
  }
}

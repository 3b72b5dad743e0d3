package dev.gather.benchmarks.run;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The same work done by Python's own {@code asyncio.gather}, where there is a Python. */
final class Python {
  static final String CONTENDER = "python";

  private static final String COMMAND = "python3";

  private Python() {}

  /** Does nothing, and says so, if there is no Python. */
  static void measure(Path script, List<Pass> passes, Results results)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(COMMAND, script.toString()));
    for (Pass pass : passes) {
      pass.params().get("n").forEach(n -> command.add(pass.workload() + ":" + n));
    }
    Process process;
    try {
      process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    } catch (IOException e) {
      System.err.println("without Python: " + e.getMessage());
      return;
    }
    byte[] json = process.getInputStream().readAllBytes();
    int exit = process.waitFor();
    if (exit != 0) {
      throw new IOException(COMMAND + " " + script + " ended with " + exit);
    }
    results.addAll(json);
  }
}

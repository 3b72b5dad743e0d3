package dev.gather.benchmarks.run;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The same work done by Python's own {@code asyncio.gather}, where there is a Python.
 *
 * @param command how it is called
 * @param seconds how long each workload is measured, at each size
 */
record Python(String command, int seconds) {
  static final String CONTENDER = "python";
  static final Python INSTALLED = new Python("python3", 2);

  /**
   * Runs the script and adds the rows it prints.
   *
   * @return whether there is a Python
   */
  boolean measure(Path script, List<Pass> passes, Results results)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(command, script.toString()));
    line.add(Integer.toString(seconds));
    for (Pass pass : passes) {
      pass.params().get("n").forEach(n -> line.add(pass.workload() + ":" + n));
    }
    Process process;
    try {
      process = new ProcessBuilder(line).redirectError(Redirect.INHERIT).start();
    } catch (IOException e) {
      System.err.println("without Python: " + e.getMessage());
      return false;
    }
    byte[] json = process.getInputStream().readAllBytes();
    int exit = process.waitFor();
    if (exit != 0) {
      throw new IOException(command + " " + script + " ended with " + exit);
    }
    results.addAll(json);
    return true;
  }
}

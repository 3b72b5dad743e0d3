package dev.gather.benchmarks.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.runner.RunnerException;

/** Measures a plan. */
public final class Session {
  private final Results results = new Results();
  private final Path json;

  /**
   * @param json where the results are written, after each step, so that a session that is stopped
   *     was not for nothing
   */
  public Session(Path json) {
    this.json = json;
  }

  public void measure(Plan plan, Path pythonScript)
      throws IOException, InterruptedException, RunnerException {
    Files.createDirectories(json.toAbsolutePath().getParent());
    Jmh jmh = new Jmh(plan.effort());
    for (Pass pass : plan.jmh()) {
      results.add(jmh.measure(pass));
      results.write(json);
    }
    for (Pass pass : plan.heartbeats()) {
      Fairness.measure(pass, results);
      results.write(json);
    }
    if (!plan.python().isEmpty()) {
      Python.INSTALLED.measure(pythonScript, plan.python(), results);
      results.write(json);
    }
  }
}

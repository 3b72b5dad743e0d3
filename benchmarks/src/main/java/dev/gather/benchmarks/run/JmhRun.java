package dev.gather.benchmarks.run;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Measures one pass after another, each contender in JVMs of its own. */
public final class JmhRun {
  private final Effort effort;
  private final List<RunResult> results = new ArrayList<>();

  public JmhRun(Effort effort) {
    this.effort = effort;
  }

  /** A contender that fails, say for want of memory, is missing in the results. */
  public void measure(Pass pass) throws RunnerException {
    TimeValue time = TimeValue.milliseconds(effort.millis());
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(pass.pattern())
            .forks(effort.forks())
            .warmupIterations(effort.warmups())
            .warmupTime(time)
            .measurementIterations(effort.iterations())
            .measurementTime(time)
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(false)
            .jvmArgs(Jvm.arguments().toArray(String[]::new));
    pass.params()
        .forEach(
            (name, values) ->
                options.param(name, values.stream().map(Object::toString).toArray(String[]::new)));
    results.addAll(new Runner(options.build()).run());
  }

  public void writeJson(Path file) throws IOException {
    try (PrintStream out =
        new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results);
    }
  }
}

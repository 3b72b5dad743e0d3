package dev.gather.benchmarks.run;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
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

  public void measure(Pass pass) throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(pass.pattern())
            .forks(effort.forks())
            .warmupIterations(effort.warmups())
            .warmupTime(TimeValue.milliseconds(effort.millis()))
            .measurementIterations(effort.iterations())
            .measurementTime(TimeValue.milliseconds(effort.millis()))
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(false)
            .jvmArgs(Jvm.arguments());
    pass.params().forEach((name, values) -> options.param(name, values.toArray(String[]::new)));
    Collection<RunResult> measured = new Runner(options.build()).run();
    results.addAll(measured);
  }

  public void writeJson(Path file) {
    try (PrintStream out =
        new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.gather.benchmarks.run;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Measures each contender in JVMs of its own. */
final class Jmh {
  private static final int SLOW = 2;

  private final Effort effort;

  Jmh(Effort effort) {
    this.effort = effort;
  }

  /**
   * All contenders have their first fork before one of them has its second: what else the machine
   * does is then shared out among them. A contender that fails, say for want of memory, is missing.
   */
  Collection<RunResult> measure(Pass pass) throws RunnerException {
    Map<BenchmarkParams, List<BenchmarkResult>> forks = new TreeMap<>();
    for (int fork = 0; fork < Math.max(1, effort.forks()); fork++) {
      for (RunResult result : run(pass)) {
        forks
            .computeIfAbsent(result.getParams(), params -> new ArrayList<>())
            .addAll(result.getBenchmarkResults());
      }
    }
    return forks.entrySet().stream()
        .map(contender -> new RunResult(contender.getKey(), contender.getValue()))
        .toList();
  }

  private Collection<RunResult> run(Pass pass) throws RunnerException {
    TimeValue time = TimeValue.milliseconds(effort.millis());
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(pass.pattern())
            .forks(Math.min(1, effort.forks()))
            .warmupIterations(effort.warmups() * (pass.isSlow() ? SLOW : 1))
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
    try {
      return new Runner(options.build()).run();
    } catch (NoBenchmarksException e) {
      return List.of(); // none of the chosen contenders is in this workload, or needs a newer JDK
    }
  }
}

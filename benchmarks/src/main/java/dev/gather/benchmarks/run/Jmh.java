package dev.gather.benchmarks.run;

import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Measures each contender in JVMs of its own. */
final class Jmh {
  private final Effort effort;

  Jmh(Effort effort) {
    this.effort = effort;
  }

  /** A contender that fails, say for want of memory, is missing in the results. */
  Collection<RunResult> measure(Pass pass) throws RunnerException {
    TimeValue time = TimeValue.milliseconds(effort.millis());
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(pass.pattern())
            .forks(effort.forks())
            .warmupIterations(effort.warmups() * (pass.isSlow() ? 3 : 1))
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

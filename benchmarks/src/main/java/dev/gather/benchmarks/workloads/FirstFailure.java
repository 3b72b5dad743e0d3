package dev.gather.benchmarks.workloads;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** From the failure of one task to the end of all the others, which are suspended. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FirstFailure {
  @Benchmark
  public void gather(SuspendedTasks.Gathered tasks) {
    tasks.fail();
  }

  @Benchmark
  public void raw(SuspendedTasks.Raw tasks) {
    tasks.fail();
  }

  @Benchmark
  public void arrow(SuspendedTasks.Arrow tasks) {
    tasks.fail();
  }

  @Benchmark
  public void flow(SuspendedTasks.Flow tasks) {
    tasks.fail();
  }
}

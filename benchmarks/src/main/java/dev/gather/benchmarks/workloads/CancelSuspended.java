package dev.gather.benchmarks.workloads;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** From the cancel of a coroutine to the end of all its suspended tasks. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CancelSuspended {
  @Benchmark
  public void gather(SuspendedTasks.Gathered tasks) {
    tasks.cancel();
  }

  @Benchmark
  public void raw(SuspendedTasks.Raw tasks) {
    tasks.cancel();
  }

  @Benchmark
  public void arrow(SuspendedTasks.Arrow tasks) {
    tasks.cancel();
  }

  @Benchmark
  public void flow(SuspendedTasks.Flow tasks) {
    tasks.cancel();
  }
}

package dev.gather.benchmarks.workloads;

import dev.gather.benchmarks.suspending.Body;
import dev.gather.benchmarks.suspending.Contenders;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** Coroutines, all at the same time. */
public abstract class SuspendWorkload extends Workload {
  private Contenders contenders;

  abstract Body body();

  @Setup
  public void makeContenders() {
    contenders = new Contenders(body(), Rounds.of(n));
  }

  @Benchmark
  public List<Item> gather() {
    return contenders.gather(items);
  }

  @Benchmark
  public List<Item> raw() {
    return contenders.raw(items);
  }

  @Benchmark
  public List<Item> arrow() {
    return contenders.arrow(items);
  }

  @Benchmark
  public List<Item> flow() {
    return contenders.flow(items);
  }
}

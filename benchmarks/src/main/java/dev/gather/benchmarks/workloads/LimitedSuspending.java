package dev.gather.benchmarks.workloads;

import dev.gather.benchmarks.suspending.LimitedContenders;
import dev.gather.benchmarks.suspending.Shortly;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Coroutines that do not suspend, no more than some at the same time. */
public class LimitedSuspending extends Workload {
  @Param("16")
  public int limit;

  private LimitedContenders contenders;

  @Setup
  public void makeContenders() {
    contenders = new LimitedContenders(new Shortly(), limit, Rounds.of(n));
  }

  @Benchmark
  public List<Item> gather() {
    return contenders.gather(items);
  }

  @Benchmark
  public List<Item> rawSemaphore() {
    return contenders.rawSemaphore(items);
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

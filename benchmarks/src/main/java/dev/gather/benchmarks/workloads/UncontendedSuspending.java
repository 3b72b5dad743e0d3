package dev.gather.benchmarks.workloads;

import dev.gather.benchmarks.suspending.Permits;
import dev.gather.benchmarks.suspending.Shortly;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * One coroutine that asks for a permit for each item, one after another, and always has one at
 * once.
 */
public class UncontendedSuspending extends ManyTasks {
  @Param("16")
  public int limit;

  private Permits permits;

  @Override
  protected void open() {
    permits = new Permits(items, limit, Rounds.of(n), new Shortly());
  }

  @Benchmark
  public List<Item> gather() {
    return permits.oneByOne();
  }

  @Benchmark
  public List<Item> rawSemaphore() {
    return permits.oneByOneSemaphore();
  }
}

package dev.gather.benchmarks.workloads;

import dev.gather.benchmarks.suspending.Permits;
import dev.gather.benchmarks.suspending.Shortly;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Coroutines that need a permit each, of a limiter that others might share. */
public class LimiterSuspending extends ManyTasks {
  @Param("16")
  public int limit;

  private Permits permits;

  @Override
  protected void open() {
    permits = new Permits(items, limit, Rounds.of(n), new Shortly());
  }

  @Benchmark
  public List<Item> gather() {
    return permits.gather();
  }

  @Benchmark
  public List<Item> gatherWithPermit() {
    return permits.gatherWithPermit();
  }

  @Benchmark
  public List<Item> rawSemaphore() {
    return permits.rawSemaphore();
  }
}

package dev.gather.benchmarks.workloads;

import dev.gather.benchmarks.suspending.Body;
import dev.gather.benchmarks.suspending.Coroutines;
import dev.gather.benchmarks.suspending.LimitedContender;
import dev.gather.benchmarks.suspending.Shortly;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Coroutines that do not suspend, no more than some at the same time. */
public class LimitedSuspending extends ManyTasks {
  @Param("16")
  public int limit;

  private Body body;

  protected Body body() {
    return new Shortly();
  }

  @Override
  protected void open() {
    body = body();
  }

  @Benchmark
  public List<Item> gather() {
    return run(LimitedContender.GATHER);
  }

  @Benchmark
  public List<Item> rawSemaphore() {
    return run(LimitedContender.RAW_SEMAPHORE);
  }

  @Benchmark
  public List<Item> arrow() {
    return run(LimitedContender.ARROW);
  }

  @Benchmark
  public List<Item> flow() {
    return run(LimitedContender.FLOW);
  }

  private List<Item> run(LimitedContender contender) {
    return Coroutines.run(contender, items, limit, body, Rounds.of(n));
  }
}

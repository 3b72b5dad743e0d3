package dev.gather.benchmarks.workloads;

import dev.gather.benchmarks.suspending.AsCompletedContender;
import dev.gather.benchmarks.suspending.Body;
import dev.gather.benchmarks.suspending.Coroutines;
import dev.gather.benchmarks.suspending.Shortly;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Coroutines that do not suspend, some at the same time, whose results are taken as they come. */
public class AsCompletedSuspending extends ManyTasks {
  @Param("16")
  public int limit;

  private final Body body = new Shortly();

  @Benchmark
  public List<Item> gather() {
    return run(AsCompletedContender.GATHER);
  }

  @Benchmark
  public List<Item> gatherFlow() {
    return run(AsCompletedContender.GATHER_FLOW);
  }

  @Benchmark
  public List<Item> channelFlow() {
    return run(AsCompletedContender.CHANNEL_FLOW);
  }

  @Benchmark
  public List<Item> flow() {
    return run(AsCompletedContender.FLOW);
  }

  private List<Item> run(AsCompletedContender contender) {
    return Coroutines.run(contender, items, limit, body, Rounds.of(n));
  }
}

package dev.gather.benchmarks.workloads;

import dev.gather.benchmarks.suspending.Body;
import dev.gather.benchmarks.suspending.Shortly;
import dev.gather.benchmarks.suspending.Small;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;

/** Three coroutines that do not suspend. */
public class SmallKotlin extends ThreeTasks {
  private Small small;

  @Override
  protected void open() {
    small = new Small(items, Rounds.of(items.size()), body());
  }

  protected Body body() {
    return new Shortly();
  }

  @Benchmark
  public List<Item> gather() {
    return small.gather();
  }

  @Benchmark
  public List<Item> gatherTyped() {
    return small.gatherTyped();
  }

  @Benchmark
  public List<Item> raw() {
    return small.raw();
  }

  @Benchmark
  public List<Item> arrow() {
    return small.arrow();
  }
}

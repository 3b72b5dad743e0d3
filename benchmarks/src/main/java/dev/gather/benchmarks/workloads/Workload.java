package dev.gather.benchmarks.workloads;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Some number of tasks, each of which gets an item and gives it back. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public abstract class Workload {
  @Param("1000")
  public int n;

  protected List<Item> items;

  @Setup
  public void makeItems() {
    items = IntStream.range(0, n).mapToObj(Item::new).toList();
  }

  /** Throws unless this is what a contender has to return: so that nobody measures nonsense. */
  public void check(Object result) {
    if (!items.equals(result)) {
      throw new AssertionError("not the items in their order: " + result);
    }
  }
}

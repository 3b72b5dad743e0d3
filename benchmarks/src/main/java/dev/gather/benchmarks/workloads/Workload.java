package dev.gather.benchmarks.workloads;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Tasks, each of which gets an item and gives it back. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public abstract class Workload {
  protected List<Item> items;

  protected abstract int tasks();

  @Setup
  public final void setUp() throws Exception {
    items = IntStream.range(0, tasks()).mapToObj(Item::new).toList();
    open();
  }

  @TearDown
  public final void tearDown() throws Exception {
    close();
  }

  protected void open() throws Exception {}

  protected void close() throws Exception {}

  /** Throws unless this is what a contender has to return: so that nobody measures nonsense. */
  public void check(Object result) {
    if (!items.equals(result)) {
      throw new AssertionError("not the items in their order: " + result);
    }
  }
}

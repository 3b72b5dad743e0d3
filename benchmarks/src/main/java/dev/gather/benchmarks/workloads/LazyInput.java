package dev.gather.benchmarks.workloads;

import dev.gather.benchmarks.suspending.Body;
import dev.gather.benchmarks.suspending.Coroutines;
import dev.gather.benchmarks.suspending.LimitedContender;
import dev.gather.benchmarks.suspending.Shortly;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Input that is made while it is read, 16 tasks at a time, in a heap that is too small for much
 * more than the list of results. The items are all the same one, which is no more than a reference
 * in that list.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = {"-Xms64m", "-Xmx64m"})
public class LazyInput {
  private static final int LIMIT = 16;

  @Param("1000")
  public int n;

  private final Item item = new Item(0);
  private final Body body = new Shortly();

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
    Iterable<Item> lazy = () -> Stream.generate(() -> item).limit(n).iterator();
    return Coroutines.run(contender, lazy, LIMIT, body, 1);
  }
}

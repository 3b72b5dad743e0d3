package dev.gather.benchmarks.workloads;

import dev.gather.benchmarks.suspending.Computing;
import dev.gather.benchmarks.suspending.Contender;
import dev.gather.benchmarks.suspending.Load;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * How long another coroutine waits for its turn on the default dispatcher while a contender runs
 * bodies there that compute for 10 µs each.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Heartbeat {
  @Benchmark
  public long alone() {
    return Load.beat();
  }

  @Benchmark
  public long gather(Gathered load) {
    return Load.beat();
  }

  @Benchmark
  public long raw(Raw load) {
    return Load.beat();
  }

  @Benchmark
  public long arrow(Arrow load) {
    return Load.beat();
  }

  /** What keeps the dispatcher busy. */
  @State(Scope.Benchmark)
  public abstract static class Busy {
    private static final int MICROS = 10;

    @Param("1000")
    public int n;

    private final Contender contender;
    private Load load;

    private Busy(Contender contender) {
      this.contender = contender;
    }

    @Setup
    public void start() {
      List<Item> items = IntStream.range(0, n).mapToObj(Item::new).toList();
      load = new Load(contender, items, new Computing(MICROS));
    }

    @TearDown
    public void stop() {
      load.close();
    }
  }

  public static class Gathered extends Busy {
    public Gathered() {
      super(Contender.GATHER);
    }
  }

  public static class Raw extends Busy {
    public Raw() {
      super(Contender.RAW);
    }
  }

  public static class Arrow extends Busy {
    public Arrow() {
      super(Contender.ARROW);
    }
  }
}

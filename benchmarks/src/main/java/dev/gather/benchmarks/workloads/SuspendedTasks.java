package dev.gather.benchmarks.workloads;

import dev.gather.benchmarks.suspending.Contender;
import dev.gather.benchmarks.suspending.Suspended;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Before each call: a contender of which all tasks are suspended. */
@State(Scope.Benchmark)
public abstract class SuspendedTasks {
  @Param("1000")
  public int n;

  private final Contender contender;
  private List<Item> items;
  private Suspended suspended;

  private SuspendedTasks(Contender contender) {
    this.contender = contender;
  }

  @Setup
  public void makeItems() {
    items = IntStream.range(0, n).mapToObj(Item::new).toList();
  }

  @Setup(Level.Invocation)
  public void start() {
    suspended = new Suspended(contender, items);
    suspended.awaitStart();
  }

  @TearDown(Level.Invocation)
  public void checkEnd() {
    if (suspended.getEndedTasks() != n) {
      throw new AssertionError(suspended.getEndedTasks() + " of " + n + " tasks have ended");
    }
  }

  void cancel() {
    suspended.cancel();
  }

  void fail() {
    suspended.fail();
  }

  public static class Gathered extends SuspendedTasks {
    public Gathered() {
      super(Contender.GATHER);
    }
  }

  public static class Raw extends SuspendedTasks {
    public Raw() {
      super(Contender.RAW);
    }
  }

  public static class Arrow extends SuspendedTasks {
    public Arrow() {
      super(Contender.ARROW);
    }
  }

  public static class Flow extends SuspendedTasks {
    public Flow() {
      super(Contender.FLOW);
    }
  }
}

package dev.gather.benchmarks.workloads;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Before each call: a contender of which all tasks are blocked until they are interrupted. */
@State(Scope.Benchmark)
public abstract class BlockedTasks {
  @Param("1000")
  public int n;

  private CountDownLatch started;
  private CountDownLatch ended;

  /** Starts the tasks; does not wait for them. */
  protected abstract void start(List<Callable<Void>> blocked);

  /** Cancels the tasks. */
  protected abstract void cancel() throws Exception;

  /** Closes what {@link #start} has opened. */
  protected void close() throws Exception {}

  @Setup(Level.Invocation)
  public void startAll() throws InterruptedException {
    started = new CountDownLatch(n);
    ended = new CountDownLatch(n);
    start(IntStream.range(0, n).<Callable<Void>>mapToObj(i -> this::block).toList());
    await(started);
  }

  @TearDown(Level.Invocation)
  public void closeAll() throws Exception {
    close();
  }

  public void cancelAll() throws Exception {
    cancel();
    await(ended);
  }

  /**
   * Each on a latch of its own: in the queue of a common one every interrupt would pass by all
   * others.
   */
  private Void block() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    started.countDown();
    try {
      never.await();
      return null;
    } finally {
      ended.countDown();
    }
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(1, TimeUnit.MINUTES)) {
      throw new AssertionError(latch.getCount() + " tasks missing");
    }
  }
}

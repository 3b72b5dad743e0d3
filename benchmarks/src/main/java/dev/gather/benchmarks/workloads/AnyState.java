package dev.gather.benchmarks.workloads;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Callables of which the last returns at once; the others block until they are interrupted. */
public abstract class AnyState extends ManyTasks {
  protected List<Callable<Item>> callables;

  private final AtomicInteger blocked = new AtomicInteger();
  private CountDownLatch isOver;

  @Setup(Level.Invocation)
  public void makeCallables() {
    CountDownLatch latch = new CountDownLatch(1);
    isOver = latch;
    callables =
        items.stream()
            .<Callable<Item>>map(item -> () -> isLast(item) ? item : block(item, latch))
            .toList();
  }

  /** For those that do not interrupt anybody: no call shares its threads with the one before. */
  @TearDown(Level.Invocation)
  public void letGo() {
    isOver.countDown();
    while (blocked.get() > 0) {
      Thread.yield();
    }
  }

  @Override
  public void check(Object result) {
    if (!items.get(n - 1).equals(result)) {
      throw new AssertionError("not the item of the one that returns: " + result);
    }
  }

  private boolean isLast(Item item) {
    return item.index() == n - 1;
  }

  private Item block(Item item, CountDownLatch latch) throws InterruptedException {
    blocked.incrementAndGet();
    try {
      latch.await();
      return item;
    } finally {
      blocked.decrementAndGet();
    }
  }
}

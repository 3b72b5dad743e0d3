package dev.gather.samples.future;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Time that passes only when a test says so. */
final class ManualClock implements SampleClock {
  private record Sleeper(long wakeAt, CompletableFuture<Void> passed) {}

  private final List<Sleeper> sleepers = new ArrayList<>(); // in the order in which they lay down
  private long millis;

  @Override
  public synchronized double now() {
    return millis / 1000.0;
  }

  @Override
  public void sleep(double seconds) throws InterruptedException {
    Sleeper sleeper = lieDown(seconds);
    try {
      sleeper.passed.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    } finally {
      getUp(sleeper);
    }
  }

  @Override
  public CompletableFuture<Void> after(double seconds) {
    return lieDown(seconds).passed;
  }

  /** Waits until exactly this many are asleep. */
  synchronized void awaitAsleep(int count, long timeoutSeconds) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
    while (sleepers.size() != count) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        fail("expected " + count + " to be asleep, but there are " + sleepers.size());
      }
      wait(left);
    }
  }

  /** Wakes those whose time has come, one after another, and each before the time goes on. */
  void advance(double seconds) {
    long end = toMillis(now() + seconds);
    for (Sleeper next = nextUntil(end); next != null; next = nextUntil(end)) {
      next.passed.complete(null);
    }
  }

  private synchronized Sleeper nextUntil(long end) {
    Sleeper next =
        sleepers.stream()
            .filter(sleeper -> sleeper.wakeAt <= end)
            .min(Comparator.comparingLong(Sleeper::wakeAt))
            .orElse(null);
    millis = next == null ? end : next.wakeAt;
    if (next != null) {
      getUp(next);
    }
    return next;
  }

  private synchronized Sleeper lieDown(double seconds) {
    Sleeper sleeper = new Sleeper(millis + toMillis(seconds), new CompletableFuture<>());
    sleepers.add(sleeper);
    notifyAll();
    return sleeper;
  }

  private synchronized void getUp(Sleeper sleeper) {
    sleepers.remove(sleeper);
    notifyAll();
  }

  private static long toMillis(double seconds) {
    return Math.round(seconds * 1000);
  }
}

package dev.gather.future;

import dev.gather.GatherException;
import dev.gather.GatherTimeoutException;
import dev.gather.threads.Timer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Completes futures later, on a thread of our own: the JDK would run dependents on its timer, and a
 * virtual thread may have to wait for a carrier.
 */
final class Timeouts {
  private Timeouts() {}

  static void after(CompletableFuture<?> future, long timeout, TimeUnit unit, Runnable action) {
    Objects.requireNonNull(unit, "unit must not be null");
    if (!future.isDone()) {
      Timer.scheduleUnlessDone(future, unit.toNanos(timeout), action);
    }
  }

  /** The one exception that join() throws for whatever fails a gather; get() has its cause. */
  static GatherException failure(GatherTimeoutException deadline) {
    String message = Objects.requireNonNull(deadline.getMessage());
    return new GatherException(message, deadline, -1, null, deadline.outcomes());
  }
}

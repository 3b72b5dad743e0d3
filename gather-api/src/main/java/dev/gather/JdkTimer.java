package dev.gather;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs things later. The time is kept by the one thread that the JDK has for it, which only passes
 * them on to {@link Delivery#EXECUTOR}: the future that it completes is seen by nobody else.
 */
final class JdkTimer {
  private JdkTimer() {}

  /** Returns what takes the action back, and then leaves nothing of it in the queue of the JDK. */
  static Runnable schedule(long delayNanos, Runnable action) {
    CompletableFuture<@Nullable Void> bell = new CompletableFuture<>();
    bell.thenRunAsync(action, Delivery.EXECUTOR);
    bell.completeOnTimeout(null, delayNanos, TimeUnit.NANOSECONDS);
    return () -> bell.cancel(false);
  }
}

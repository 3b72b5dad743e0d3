package dev.gather.future;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Completes futures later, on the default executor: the JDK would run dependents on its timer. */
final class Timeouts {
  private Timeouts() {}

  static void after(CompletableFuture<?> future, long timeout, TimeUnit unit, Runnable action) {
    Objects.requireNonNull(unit, "unit must not be null");
    if (future.isDone()) {
      return;
    }
    Duration delay = Duration.ofNanos(Math.max(0, unit.toNanos(timeout)));
    Runnable takeBack = Engine.get().schedule(delay, DefaultExecutor.INSTANCE, action);
    future.whenComplete((value, failure) -> takeBack.run());
  }
}

package dev.gather;

import dev.gather.threads.DaemonThreads;
import dev.gather.threads.Timer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A future whose dependents, and those of the stages derived from it, run neither on the common
 * pool nor on the one thread that keeps the time for the whole JVM.
 *
 * @param <T> the type of the result; it may be nullable
 */
class LimiterFuture<T extends @Nullable Object> extends CompletableFuture<T> {
  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new LimiterFuture<>();
  }

  @Override
  public Executor defaultExecutor() {
    return DaemonThreads.EXECUTOR;
  }

  @Override
  public CompletableFuture<T> orTimeout(long timeout, TimeUnit unit) {
    return after(timeout, unit, () -> completeExceptionally(new TimeoutException()));
  }

  @Override
  public CompletableFuture<T> completeOnTimeout(T value, long timeout, TimeUnit unit) {
    return after(timeout, unit, () -> complete(value));
  }

  private CompletableFuture<T> after(long timeout, TimeUnit unit, Runnable action) {
    Objects.requireNonNull(unit, "unit must not be null");
    if (!isDone()) {
      Timer.scheduleUnlessDone(this, unit.toNanos(timeout), action);
    }
    return this;
  }
}

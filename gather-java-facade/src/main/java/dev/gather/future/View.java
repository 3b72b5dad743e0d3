package dev.gather.future;

import dev.gather.threads.BodyThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What is handed out beside the future of a gather: completing it reaches nothing, but its
 * dependents run where those of the gather do, never on the common pool or on a timer thread.
 *
 * @param <R> the type of the result; it may be nullable
 */
class View<R extends @Nullable Object> extends CompletableFuture<R> {
  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new View<>();
  }

  @Override
  public Executor defaultExecutor() {
    return BodyThreads.EXECUTOR;
  }

  @Override
  public CompletableFuture<R> orTimeout(long timeout, TimeUnit unit) {
    Timeouts.after(this, timeout, unit, () -> completeExceptionally(new TimeoutException()));
    return this;
  }

  @Override
  public CompletableFuture<R> completeOnTimeout(R value, long timeout, TimeUnit unit) {
    Timeouts.after(this, timeout, unit, () -> complete(value));
    return this;
  }
}

package dev.gather.future;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The end of a gather, for everybody who asks: nobody can complete or cancel it. Whoever asks
 * whether the end has come is told by the run itself, so that a dependent of the result finds it
 * there whichever of the two hears first.
 */
final class Terminated extends View<@Nullable Void> {
  private final BooleanSupplier hasEnded;

  /**
   * Not complete yet.
   *
   * @param hasEnded whether the run has ended
   */
  Terminated(BooleanSupplier hasEnded) {
    this.hasEnded = hasEnded;
  }

  /** The run has ended, and so may those who wait and hear. */
  void end() {
    super.complete(null);
  }

  @Override
  public boolean isDone() {
    return hasEnded.getAsBoolean() || super.isDone();
  }

  @Override
  public @Nullable Void get() throws InterruptedException, ExecutionException {
    return hasEnded.getAsBoolean() ? null : super.get();
  }

  @Override
  public @Nullable Void get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return hasEnded.getAsBoolean() ? null : super.get(timeout, unit);
  }

  @Override
  public @Nullable Void join() {
    return hasEnded.getAsBoolean() ? null : super.join();
  }

  @Override
  public @Nullable Void getNow(@Nullable Void valueIfAbsent) {
    return null;
  }

  // ---- nobody else may say that it has ended

  @Override
  public boolean complete(@Nullable Void value) {
    return false;
  }

  @Override
  public boolean completeExceptionally(Throwable failure) {
    return false;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return false;
  }

  @Override
  public CompletableFuture<@Nullable Void> completeAsync(
      Supplier<? extends @Nullable Void> supplier, Executor executor) {
    return this;
  }

  @Override
  public void obtrudeValue(@Nullable Void value) {
    throw new UnsupportedOperationException("the end of a gather cannot be replaced");
  }

  @Override
  public void obtrudeException(Throwable failure) {
    throw new UnsupportedOperationException("the end of a gather cannot be replaced");
  }

  /** Bounds the wait and not the end: the copy that is returned fails after so long. */
  @Override
  public CompletableFuture<@Nullable Void> orTimeout(long timeout, TimeUnit unit) {
    View<@Nullable Void> copy = copyOfOurs();
    return copy.orTimeout(timeout, unit);
  }

  /** Bounds the wait and not the end: the copy that is returned is complete after so long. */
  @Override
  public CompletableFuture<@Nullable Void> completeOnTimeout(
      @Nullable Void value, long timeout, TimeUnit unit) {
    View<@Nullable Void> copy = copyOfOurs();
    return copy.completeOnTimeout(value, timeout, unit);
  }

  private View<@Nullable Void> copyOfOurs() {
    View<@Nullable Void> copy = new View<>();
    whenComplete((nothing, failure) -> copy.complete(null));
    return copy;
  }
}

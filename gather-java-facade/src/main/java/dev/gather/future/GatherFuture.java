package dev.gather.future;

import dev.gather.Progress;
import dev.gather.spi.FutureMakers;
import dev.gather.spi.Life;
import dev.gather.threads.BodyThreads;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The result of a gather, and the handle to it: a {@link CompletableFuture} whose cancellation
 * reaches every task.
 *
 * <p><b>When it completes.</b> With the result of the gather, after every one of its tasks has
 * ended; only {@link dev.gather.FailurePolicy#LEAVE_OTHERS} and {@code grace} let it complete
 * earlier. Whatever fails a gather, it fails with a {@link dev.gather.GatherException}, which
 * {@code join()} throws as it is. Its cause, which is also that of the {@code ExecutionException}
 * from {@code get()}, is the exception of the first task that failed, or a {@link
 * dev.gather.GatherTimeoutException} at the deadline. (That of a call of gather-bridge fails with
 * what the call has thrown.)
 *
 * <p><b>Cancellation.</b> {@link #cancel} on this future or on any stage derived from it ({@code
 * thenApply(..).cancel(true)}), and completing either from outside ({@link #complete}, {@link
 * #completeExceptionally}, {@link #completeAsync}, {@link #orTimeout}, {@link #completeOnTimeout}),
 * cancels the gather: the future is done at once, as {@code CompletableFuture} promises, running
 * tasks are cancelled, tasks not yet started never start, and {@link #terminated()} completes when
 * the last one has ended. Dependents run after the tasks have been reached, so they may wait for
 * that. {@link #shielded()} is the way to opt out.
 *
 * <p><b>Threads.</b> Dependents run on the thread that ended the last task, or on the caller's own
 * if the future is done; {@code …Async} methods without an executor use the default executor of
 * Gather, never the common pool. No dependent runs on a timer thread.
 *
 * <p><b>Where it differs from {@code CompletableFuture}.</b> In nothing but this:
 *
 * <ul>
 *   <li>{@link #cancel}, {@link #complete}, {@link #completeExceptionally}, {@link #completeAsync},
 *       {@link #orTimeout} and {@link #completeOnTimeout}, on this future, on a {@link #copy()} or
 *       on any other stage derived from it, cancel the gather. ({@link #minimalCompletionStage()}
 *       has none of these methods, and the future made of one does not reach the gather.)
 *   <li>{@link #newIncompleteFuture()}, and so all that is derived from this one, makes a future of
 *       this type that belongs to the same gather.
 *   <li>{@link #obtrudeValue} and {@link #obtrudeException} are refused: they would make a future
 *       lie about its gather.
 *   <li>{@link #defaultExecutor()} is that of Gather and not the common pool.
 *   <li>After {@link #orTimeout} and {@link #completeOnTimeout} dependents run on the default
 *       executor, not on the one thread that keeps the time for the whole JVM.
 *   <li>{@link #toString()} tells how far the gather is.
 * </ul>
 *
 * @param <R> the type of the result; it may be nullable
 */
public final class GatherFuture<R extends @Nullable Object> extends Stages<R> {
  static {
    FutureMakers.use(new Futures());
  }

  GatherFuture(Life life) {
    super(life);
  }

  /**
   * Completes, always normally, when no task of this gather is running any more. That is together
   * with this future where it completes with a result, and may be after it if it was cancelled or
   * completed from outside, if {@code grace} ran out, or if {@link
   * dev.gather.FailurePolicy#LEAVE_OTHERS} left tasks running. A dependent of either finds both.
   *
   * @return the same future at each call, which nobody can complete or cancel; {@code orTimeout}
   *     and {@code completeOnTimeout} return a copy that they bound
   */
  public CompletableFuture<@Nullable Void> terminated() {
    return life.terminatedFuture();
  }

  /**
   * A view of this future that cannot harm the gather: cancelling it, completing it or timing it
   * out does not reach the tasks.
   *
   * @return a new future that completes as this one does; it has the same default executor, and its
   *     dependents do not run on a timer thread either
   */
  public CompletableFuture<R> shielded() {
    CompletableFuture<R> view = new View<>();
    whenComplete(
        (value, failure) -> {
          if (failure == null) {
            view.complete(value);
          } else {
            view.completeExceptionally(failure);
          }
        });
    return view;
  }

  /**
   * How far the gather is. It may be called at any time from any thread; it counts the tasks, so
   * its cost grows with their number.
   *
   * @return a snapshot
   */
  public Progress progress() {
    return life.progress();
  }

  /**
   * Cancels the gather, if it is not done: this future is done at once, running tasks are cancelled
   * (blocking bodies are interrupted, stages get {@code cancel(true)}, {@code onCancel} hooks run),
   * tasks not yet started never start. Hooks, and dependents of stages, run on threads of Gather:
   * this waits for them a tenth of a second at most. A second cancel does nothing.
   *
   * @param mayInterruptIfRunning has no effect: running bodies are always interrupted
   * @return whether this future is now cancelled; if {@code false}, its result has been delivered
   *     and nothing was touched
   */
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return fromOutside(() -> super.cancel(mayInterruptIfRunning));
  }

  /**
   * Completes this future with a value of your own and cancels the gather, if it is not done.
   *
   * @param value the value
   * @return whether this call completed the future
   */
  @Override
  public boolean complete(R value) {
    return fromOutside(() -> super.complete(value));
  }

  /**
   * Completes this future with a failure of your own and cancels the gather, if it is not done.
   *
   * @param failure the exception
   * @return whether this call completed the future
   */
  @Override
  public boolean completeExceptionally(Throwable failure) {
    Objects.requireNonNull(failure, "failure must not be null");
    return fromOutside(() -> super.completeExceptionally(failure));
  }

  /**
   * Completes this future with the value of a supplier, run on the given executor, and then cancels
   * the gather, if it is not done by then.
   *
   * @param supplier gives the value
   * @param executor where to call it
   * @return this future
   */
  @Override
  public GatherFuture<R> completeAsync(Supplier<? extends R> supplier, Executor executor) {
    Objects.requireNonNull(supplier, "supplier must not be null");
    Objects.requireNonNull(executor, "executor must not be null");
    executor.execute(new Completion<>(this, supplier));
    return this;
  }

  /**
   * Fails this future with a {@link TimeoutException} and cancels the gather, if it is not done by
   * then. Unlike {@code Gather.timeout} it completes without waiting for the tasks, and what had
   * been finished is lost.
   *
   * @param timeout how long from now
   * @param unit the unit of it
   * @return this future
   */
  @Override
  public GatherFuture<R> orTimeout(long timeout, TimeUnit unit) {
    after(timeout, unit, () -> completeExceptionally(new TimeoutException()));
    return this;
  }

  /**
   * Completes this future with a value of your own and cancels the gather, if it is not done by
   * then.
   *
   * @param value the value
   * @param timeout how long from now
   * @param unit the unit of it
   * @return this future
   */
  @Override
  public GatherFuture<R> completeOnTimeout(R value, long timeout, TimeUnit unit) {
    after(timeout, unit, () -> complete(value));
    return this;
  }

  private void after(long timeout, TimeUnit unit, Runnable completion) {
    Timeouts.after(this, timeout, unit, () -> life.asCaller(completion));
  }

  /**
   * Refused.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public void obtrudeValue(R value) {
    throw new UnsupportedOperationException("the result of a gather cannot be replaced");
  }

  /**
   * Refused.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public void obtrudeException(Throwable failure) {
    throw new UnsupportedOperationException("the result of a gather cannot be replaced");
  }

  /** A stage derived from this one belongs to the same gather and cancels it too. */
  @Override
  public <U> GatherFuture<U> newIncompleteFuture() {
    return new GatherFuture<>(life);
  }

  /** The default executor of Gather: virtual threads where there are any, else pooled daemons. */
  @Override
  public Executor defaultExecutor() {
    return BodyThreads.EXECUTOR;
  }

  /** For people: the name of the gather, its state and how far it is. */
  @Override
  public String toString() {
    String state =
        !isDone()
            ? "running"
            : isCancelled() ? "cancelled" : isCompletedExceptionally() ? "failed" : "completed";
    return life.describe(state);
  }

  // ---- from the inside: such completions pass the overrides by

  boolean deliver(R value) {
    return super.complete(value);
  }

  boolean deliverFailure(Throwable failure) {
    return super.completeExceptionally(failure);
  }

  /** For somebody who has more to cancel, and waits for the end after that. */
  void cancelAsOwner() {
    completedBy(() -> super.cancel(true));
  }

  void deliverCancellation() {
    super.completeExceptionally(new CancellationException());
  }

  /**
   * Calls the action when this future is done, and before the dependents it has by now: the JDK
   * fires them last in, first out. They may be waiting for the end of what the action cancels.
   */
  void whenDone(Runnable action) {
    super.whenComplete((value, failure) -> action.run());
  }

  private boolean fromOutside(BooleanSupplier completion) {
    boolean won = completedBy(completion);
    if (won) {
      life.awaitHooks();
    }
    return won;
  }

  private boolean completedBy(BooleanSupplier completion) {
    if (isDone()) {
      return completion.getAsBoolean();
    }
    boolean requested = life.requestCancel();
    // A dependent may wait for the end of the gather, and so of the code that we are called by.
    Elsewhere elsewhere =
        life.isInside() ? new Elsewhere(() -> life.asCaller(completion::getAsBoolean)) : null;
    if (elsewhere != null) {
      whenDone(elsewhere::decided);
    }
    if (requested) {
      whenDone(life::cancelAll);
    }
    boolean won = elsewhere == null ? completion.getAsBoolean() : elsewhere.complete();
    if (won && !requested && life.isRoot(this)) {
      // The engine's own result came too late; it may have left tasks running.
      life.cancelTasks();
    }
    return won;
  }
}

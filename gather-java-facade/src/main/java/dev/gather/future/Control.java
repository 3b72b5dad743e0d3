package dev.gather.future;

import dev.gather.Progress;
import dev.gather.spi.GatherRun;
import dev.gather.spi.GatherSink;
import dev.gather.spi.Plan;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One run of a gather: the place where its future, every stage derived from that, its scope and the
 * engine meet.
 *
 * @param <R> the type of the gather's own result
 */
final class Control<R extends @Nullable Object> implements GatherSink {
  private final GatherRun run;
  private final GatherFuture<R> root;
  private final @Nullable String name;
  private final @Nullable GatherScope scope;
  private final AtomicReference<@Nullable CompletableFuture<@Nullable Void>> terminated =
      new AtomicReference<>();

  /** Taken at the end of the run, so that a finished future holds no user code. */
  private volatile @Nullable Function<? super List<?>, ? extends R> finish;

  private Control(
      Plan plan, Function<? super List<?>, ? extends R> finish, @Nullable GatherScope scope) {
    this.name = plan.options().name();
    this.finish = finish;
    this.scope = scope;
    this.run = Engine.get().prepare(plan, this);
    this.root = new GatherFuture<>(this);
  }

  static <R extends @Nullable Object> GatherFuture<R> start(
      Plan plan, Function<? super List<?>, ? extends R> finish, @Nullable GatherScope scope) {
    Control<R> control = new Control<>(plan, finish, scope);
    if (scope != null) {
      scope.adopt(control);
    }
    control.run.start();
    return control.root;
  }

  // ---- from the engine

  @Override
  public void succeeded(List<?> results) {
    Function<? super List<?>, ? extends R> function = finish;
    finish = null;
    if (function == null) {
      return;
    }
    R value;
    try {
      value = function.apply(results);
    } catch (Throwable e) {
      // Nobody has cancelled the gather, so it must not look like it.
      root.deliverFailure(e instanceof CancellationException ? new CompletionException(e) : e);
      return;
    }
    root.deliver(value);
  }

  @Override
  public void failed(Throwable failure) {
    finish = null;
    root.deliverFailure(failure);
  }

  @Override
  public void terminated() {
    if (scope != null) {
      scope.forget(this);
    }
    CompletableFuture<@Nullable Void> future = terminated.get();
    if (future != null) {
      future.complete(null);
    }
  }

  // ---- from the futures

  /**
   * A future of this run is being completed by somebody other than the engine: the gather is
   * cancelled. Runs no user code, so that the future can be completed before {@link #propagate}.
   *
   * @return what to hand to {@link #propagate}
   */
  boolean requestCancel() {
    return run.requestCancel();
  }

  /** Completes the gather's own future and reaches the tasks. */
  void propagate(boolean requested) {
    if (requested) {
      finish = null;
      root.deliverCancellation();
      run.cancelTasks();
    }
  }

  /** The owner closes: cancels the gather, or what a failure has left running. */
  void cancelByOwner() {
    root.cancel(true);
    if (!run.isTerminated()) {
      run.cancelTasks();
    }
  }

  CompletableFuture<@Nullable Void> terminatedFuture() {
    CompletableFuture<@Nullable Void> future = terminated.get();
    if (future == null) {
      CompletableFuture<@Nullable Void> fresh = new View<>();
      future = terminated.compareAndSet(null, fresh) ? fresh : terminated.get();
      // The run may have ended before it could see the future.
      if (run.isTerminated()) {
        future.complete(null);
      }
    }
    return future.copy();
  }

  Progress progress() {
    return run.progress();
  }

  String describe(String state) {
    return "GatherFuture[" + (name == null ? "" : name + ", ") + state + ", " + progress() + "]";
  }
}

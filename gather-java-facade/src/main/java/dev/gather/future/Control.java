package dev.gather.future;

import dev.gather.GatherTimeoutException;
import dev.gather.Progress;
import dev.gather.spi.CallerContext;
import dev.gather.spi.GatherRun;
import dev.gather.spi.GatherSink;
import dev.gather.spi.Life;
import dev.gather.spi.Owned;
import dev.gather.spi.Plan;
import dev.gather.threads.DaemonThreads;
import dev.gather.threads.Inside;
import dev.gather.threads.PartOfTask;
import dev.gather.threads.Station;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One run of a gather: the place where its future, every stage derived from that, its scope and the
 * engine meet.
 *
 * @param <R> the type of the gather's own result
 */
final class Control<R extends @Nullable Object> implements GatherSink, Life, Owned {

  /**
   * Dropped at the end of the run, and with it the executor, the listener and the captured context.
   */
  private volatile @Nullable GatherRun run;

  private volatile @Nullable Progress finalProgress;
  private final GatherFuture<R> root;
  private final @Nullable String name;
  private final @Nullable GatherScope scope;
  private final @Nullable Duration grace;

  private boolean isTaken; // only used by who delivers

  /** Null if no body has started it. */
  private volatile @Nullable PartOfTask part;

  @SuppressWarnings("rawtypes") // a class literal has no type arguments
  private static final AtomicReferenceFieldUpdater<Control, Terminated> TERMINATED =
      AtomicReferenceFieldUpdater.newUpdater(Control.class, Terminated.class, "terminated");

  /** Only where somebody has asked for it. */
  private volatile @Nullable Terminated terminated;

  /** Taken at the end of the run, so that a finished future holds no user code. */
  private volatile @Nullable Function<? super List<?>, ? extends R> finish;

  /** Likewise; what dependents find that the engine's completion runs. */
  private volatile @Nullable CallerContext context;

  private Control(
      Plan plan, Function<? super List<?>, ? extends R> finish, @Nullable GatherScope scope) {
    this.name = plan.options().name();
    this.grace = plan.options().grace();
    this.context = plan.context();
    this.finish = finish;
    this.scope = scope;
    this.root = new GatherFuture<>(this);
  }

  static <R extends @Nullable Object> GatherFuture<R> start(
      Plan plan, Function<? super List<?>, ? extends R> finish, @Nullable GatherScope scope) {
    Control<R> control = new Control<>(plan, finish, scope);
    GatherRun run = Engine.get().prepare(plan, control);
    control.run = run;
    Station.Parent task = scope == null ? Station.current() : scope.owner();
    if (scope != null) {
      scope.adopt(control);
    }
    if (task != null) {
      PartOfTask part = new PartOfTask(control, task);
      control.part = part;
      part.enter(task);
    }
    run.start();
    control.awaitHooks(); // what had failed before the call has ended the gather, too
    return control.root;
  }

  // ---- from the engine

  @Override
  public boolean succeeded(List<?> results) {
    inContext(() -> isTaken = succeed(results));
    return isTaken;
  }

  private boolean succeed(List<?> results) {
    Function<? super List<?>, ? extends R> function = finish;
    finish = null;
    boolean combines = function instanceof Combination;
    if (function == null || !combines && root.isDone()) {
      return false; // somebody else was first
    }
    R value;
    try {
      value = function.apply(results);
    } catch (Throwable e) {
      // Nobody has cancelled the gather, so it must not look like it.
      fail(e instanceof CancellationException ? new CompletionException(e) : e);
      return true;
    }
    tellEndFirst();
    return root.deliver(value) || combines;
  }

  @Override
  public void failed(Throwable failure) {
    finish = null;
    inContext(
        () ->
            fail(
                failure instanceof GatherTimeoutException deadline
                    ? Timeouts.failure(deadline)
                    : failure));
  }

  private void fail(Throwable failure) {
    tellEndFirst();
    root.deliverFailure(failure);
  }

  @Override
  public void terminated(boolean resultFollows) {
    finalProgress = progress();
    run = null;
    if (scope != null) {
      scope.forget(this);
    }
    if (!resultFollows) {
      tellEndFirst(); // whoever completes the future may be further down this stack
    }
    if (finish == null) {
      context = null;
    }
  }

  @Override
  public void asCaller(Runnable action) {
    CallerContext caller = context;
    if (caller == null) {
      action.run(); // the result has just been told, on another thread
    } else {
      caller.runAnyway(action);
    }
  }

  /** Tells something that the engine has to tell; where the run has ended that is the last. */
  private void inContext(Runnable telling) {
    @Nullable Object[] station = Station.here(); // the body there need not be one of this gather
    Object task = station == null ? null : Station.at(station, null);
    try {
      asCaller(telling);
    } finally {
      if (station != null) {
        Station.at(station, task);
      }
    }
    if (run == null && finish == null) {
      context = null;
    }
  }

  /** Where there is a result, when that is there: whoever hears of either finds both. */
  private void tellEnd() {
    Terminated future = terminated;
    if (future != null && hasEnded()) {
      future.end();
    }
  }

  /**
   * The same as the first dependent of the result, and elsewhere: a dependent of the end may wait
   * for those of the result, and the other way round. Who asks later sees that the run has ended.
   */
  private void tellEndFirst() {
    if (terminated != null) {
      CallerContext caller = context; // which the run may have dropped by then
      Runnable telling = caller == null ? this::tellEnd : () -> caller.runAnyway(this::tellEnd);
      root.whenDone(() -> DaemonThreads.EXECUTOR.execute(telling));
    }
    PartOfTask part = this.part;
    if (part != null) {
      root.whenDone(part::leave); // a dependent of the task's end finds the result
    }
  }

  private boolean hasEnded() {
    GatherRun running = run;
    return running == null || running.isTerminated();
  }

  // ---- from the futures

  @Override
  public boolean requestCancel() {
    GatherRun running = run;
    return running != null && running.requestCancel();
  }

  @Override
  public void cancelAll() {
    finish = null;
    root.whenDone(this::cancelTasks);
    root.deliverCancellation();
  }

  @Override
  public boolean isRoot(CompletableFuture<?> future) {
    return future == root;
  }

  @Override
  public void cancelByOwner() {
    asCaller(root::cancelAsOwner);
    cancelTasks();
  }

  @Override
  public void awaitHooks() {
    GatherRun running = run;
    if (running != null && Inside.owners().isEmpty()) {
      running.awaitHooks();
    }
  }

  @Override
  public void cancelTasks() {
    GatherRun running = run;
    if (running != null && !running.isTerminated()) {
      PartOfTask part = this.part;
      if (part != null && grace != null) {
        part.leaveAfter(terminatedFuture(), grace);
      }
      running.cancelTasks();
    }
  }

  @Override
  public boolean isOn(Thread thread) {
    GatherRun running = run;
    return running != null && running.isOn(thread);
  }

  @Override
  public boolean isInside() {
    return isOn(Thread.currentThread()) || Closing.surroundings().contains(this);
  }

  @Override
  public boolean isOver() {
    return root.isDone() && hasEnded();
  }

  @Override
  public @Nullable PartOfTask part() {
    return part;
  }

  @Override
  public @Nullable Duration grace() {
    return grace;
  }

  @Override
  public CompletableFuture<@Nullable Void> terminatedFuture() {
    Terminated future = terminated;
    if (future == null) {
      TERMINATED.compareAndSet(this, null, new Terminated(this::hasEnded));
      future = Objects.requireNonNull(terminated);
      // The run may have ended before it could see the future.
      if (run == null) {
        future.end();
      }
    }
    return future;
  }

  @Override
  public Progress progress() {
    GatherRun running = run;
    return running != null ? running.progress() : Objects.requireNonNull(finalProgress);
  }

  @Override
  public String describe(String state) {
    return "GatherFuture[" + (name == null ? "" : name + ", ") + state + ", " + progress() + "]";
  }
}

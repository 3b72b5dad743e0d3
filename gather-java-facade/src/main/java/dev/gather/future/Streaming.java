package dev.gather.future;

import dev.gather.Completed;
import dev.gather.spi.Owned;
import dev.gather.spi.Plan;
import dev.gather.spi.StreamRun;
import dev.gather.spi.StreamSink;
import dev.gather.threads.Inside;
import dev.gather.threads.PartOfTask;
import dev.gather.threads.Station;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One run that hands out its results as they come: the place where it, its scope and its reader
 * meet.
 */
abstract class Streaming implements StreamSink, Owned {
  private final CompletableFuture<@Nullable Void> terminated = new CompletableFuture<>();
  private final StreamRun run;
  private final @Nullable GatherScope scope;
  private final @Nullable Duration grace;

  /** Whether somebody may still read, and what is not read is to be released. */
  private volatile boolean isRead;

  private final AtomicBoolean hasLeft = new AtomicBoolean();

  /** Null if no body has started it. */
  private volatile @Nullable PartOfTask part;

  /** Nothing starts before the first {@link #requestFromRun}. */
  Streaming(Plan plan, @Nullable GatherScope scope) {
    this.scope = scope;
    this.grace = plan.options().grace();
    this.isRead = plan.release() != null;
    this.run = Engine.get().prepareStream(plan, this);
  }

  /** Not before the object is complete: from here on the scope may end the run. */
  final void enterScope() {
    Station.Parent task = scope == null ? Station.current() : scope.owner();
    if (scope != null) {
      scope.adopt(this);
    }
    if (task != null) {
      PartOfTask part = new PartOfTask(this, task);
      this.part = part;
      part.enter(task);
    }
  }

  final void requestFromRun(long n) {
    run.request(n);
  }

  final void cancelRun() {
    run.cancel();
  }

  /** A result that nobody takes after all; {@link #cancelRun} follows. */
  final void giveBackToRun(Completed<?> completed) {
    run.takeBack(completed);
  }

  /** Waits for what becomes of values that nobody has got. */
  final void awaitReleases() {
    if (Inside.owners().isEmpty()) {
      run.awaitReleases(grace);
    }
  }

  @Override
  public final void cancelByOwner() {
    String who = scope == null ? "the body that has opened it is over" : "the scope was closed";
    PartOfTask part = this.part;
    if (part != null && grace != null) {
      part.leaveAfter(terminated, grace);
    }
    takeNoMore();
    run.abort(new CancellationException(who));
    readerIsGone();
  }

  /** What has come out of the run and has not been taken goes back, and nothing comes after it. */
  abstract void takeNoMore();

  @Override
  public final void terminated() {
    terminated.complete(null);
    leave();
  }

  /** Whoever reads has the end, or wants nothing more. */
  final void readerIsGone() {
    isRead = false;
    leave();
  }

  /** Not while there may be values in here that somebody has to release: the owner sees to that. */
  private void leave() {
    if (isRead || !terminated.isDone() || !hasLeft.compareAndSet(false, true)) {
      return;
    }
    if (scope != null) {
      scope.forget(this);
    }
    PartOfTask part = this.part;
    if (part != null) {
      part.leave();
    }
  }

  @Override
  public final boolean isOn(Thread thread) {
    return run.isOn(thread);
  }

  /** Nobody may ever read it to its end. */
  @Override
  public final boolean endsWithBody() {
    return true;
  }

  @Override
  public final boolean isOver() {
    return hasLeft.get();
  }

  @Override
  public final @Nullable PartOfTask part() {
    return part;
  }

  @Override
  public final @Nullable Duration grace() {
    return grace;
  }

  @Override
  public final CompletableFuture<@Nullable Void> terminatedFuture() {
    return terminated;
  }
}

package dev.gather.future;

import dev.gather.Completed;
import dev.gather.GatherOptions;
import dev.gather.spi.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Spliterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A run whose results are taken by a loop: each step waits for the next.
 *
 * @param <T> the type of the results
 */
final class CompletedSpliterator<T extends @Nullable Object> extends Streaming
    implements Spliterator<Completed<T>> {
  private static final Object END = new Object();

  /** Results, and at last END or an {@link Ended}. */
  private final BlockingQueue<Object> arrived = new LinkedBlockingQueue<>();

  private final long sizeHint;
  private final boolean isUnlimited;
  private boolean hasBegun;
  private boolean isOver;

  /** Nothing more is taken; guarded by this. */
  private boolean isShut;

  CompletedSpliterator(Plan plan, @Nullable GatherScope scope) {
    super(plan, scope);
    this.sizeHint = plan.works() instanceof List<?> list ? list.size() : Long.MAX_VALUE;
    this.isUnlimited = plan.options().limit() == GatherOptions.UNLIMITED;
    enterScope();
  }

  @Override
  public boolean tryAdvance(Consumer<? super Completed<T>> action) {
    Objects.requireNonNull(action, "action must not be null");
    if (isOver) {
      return false;
    }
    if (!isUnlimited) {
      requestFromRun(1);
    } else if (!hasBegun) {
      requestFromRun(Long.MAX_VALUE); // without a limit everything runs at once
    }
    hasBegun = true;
    Object next = await();
    if (next instanceof Completed<?> completed) {
      @SuppressWarnings("unchecked") // the results of this description's tasks
      Completed<T> typed = (Completed<T>) completed;
      action.accept(typed);
      return true;
    }
    isOver = true;
    readerIsGone();
    if (next instanceof Ended ended) {
      throw ended.exception();
    }
    return false;
  }

  private Object await() {
    try {
      return arrived.take();
    } catch (InterruptedException e) {
      isOver = true;
      shut();
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting for the next result");
    }
  }

  /** Cancels what is still running and waits for its end, but not for its own. */
  void close() {
    shut();
    // A loop on another thread may be waiting for a result, and none will come.
    arrived.add(new Ended(new CancellationException("the stream was closed")));
    Closing.await(this, grace());
    awaitReleases();
  }

  /** Nobody takes what has arrived, or still would. */
  private void shut() {
    takeNoMore();
    cancelRun();
    readerIsGone();
  }

  @Override
  void takeNoMore() {
    List<Object> left = new ArrayList<>();
    synchronized (this) {
      isShut = true;
      arrived.drainTo(left); // one by one: a reader may be taking some meanwhile
    }
    for (Object result : left) {
      if (result instanceof Completed<?> completed) {
        giveBackToRun(completed);
      } else {
        arrived.add(result);
      }
    }
  }

  // ---- from the run

  @Override
  public boolean callsUser() {
    return false;
  }

  @Override
  public synchronized boolean next(Completed<?> completed) {
    return !isShut && arrived.add(completed);
  }

  @Override
  public void completed() {
    arrived.add(END);
  }

  @Override
  public void failed(Throwable failure) {
    arrived.add(new Ended((RuntimeException) failure));
  }

  // ---- Spliterator

  /** The results come one by one, so there is nothing to split. */
  @Override
  public @Nullable Spliterator<Completed<T>> trySplit() {
    return null;
  }

  @Override
  public long estimateSize() {
    return sizeHint;
  }

  @Override
  public int characteristics() {
    return ORDERED | NONNULL;
  }

  private record Ended(RuntimeException exception) {}
}

package dev.gather.future;

import dev.gather.threads.BodyThreads;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A stage of a future that is none: a thread waits for it, from the moment somebody asks.
 *
 * @param <T> the type of the result
 */
final class AwaitedFuture<T extends @Nullable Object> extends CompletableFuture<T> {
  private final Future<? extends T> running;
  private final AtomicBoolean isAsked = new AtomicBoolean();
  private @Nullable Thread waiting; // guarded by this

  AwaitedFuture(Future<? extends T> running) {
    this.running = running;
  }

  CompletionStage<? extends T> stage() {
    if (running instanceof CompletionStage<?>) {
      @SuppressWarnings("unchecked") // one object has one value
      CompletionStage<? extends T> stage = (CompletionStage<? extends T>) running;
      return stage;
    }
    if (isAsked.compareAndSet(false, true)) {
      try {
        if (running.isDone()) {
          awaitAtOnce();
        } else {
          BodyThreads.EXECUTOR.execute(this::await);
        }
      } catch (RuntimeException
          | Error e) { // no thread any more, or a future that cannot even say that
        completeExceptionally(e);
      }
    }
    return this;
  }

  /** On the thread of the caller, whose interrupt flag is no business of this future. */
  private void awaitAtOnce() {
    boolean isInterrupted = Thread.interrupted();
    await();
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void await() {
    if (!begin()) {
      return;
    }
    try {
      T value = running.get();
      end();
      complete(value);
    } catch (ExecutionException e) {
      end();
      completeExceptionally(e.getCause() == null ? e : e.getCause());
    } catch (CancellationException e) {
      end();
      super.cancel(false);
    } catch (Throwable e) {
      end();
      completeExceptionally(e);
    }
  }

  private synchronized boolean begin() {
    if (isDone()) {
      return false;
    }
    waiting = Thread.currentThread();
    return true;
  }

  /** After this nobody interrupts the thread any more; it comes back without a flag of ours. */
  private synchronized void end() {
    waiting = null;
    if (isCancelled()) {
      Thread.interrupted();
    }
  }

  /** The task has been cancelled. Whether the future minds or not, nobody waits for it any more. */
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    try {
      running.cancel(mayInterruptIfRunning);
    } finally {
      release(super.cancel(mayInterruptIfRunning));
    }
    return isCancelled();
  }

  private synchronized void release(boolean isOurs) {
    if (isOurs && waiting != null && !running.isDone()) {
      waiting.interrupt();
    }
  }
}

package dev.gather.threads;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs things later. The time is kept by the one thread that the JDK has for it, which only passes
 * them on: no code of a user runs there, and none that may block.
 */
public final class Timer {
  /** 73 years: as good as never, and no overflow when the JDK adds the time to it. */
  private static final long FOREVER = Long.MAX_VALUE / 4;

  private static final Runnable NOTHING = () -> {};

  private Timer() {}

  /** Has the thread of the timer started, before others have all the threads that there are. */
  static void start() {
    schedule(0, DaemonThreads.EXECUTOR, NOTHING);
  }

  /**
   * Runs an action later, on an executor, and neither on the thread of the timer nor on that of the
   * caller, who may hold a lock; not even where the delay is over already and the executor runs
   * everything at once. An executor that refuses loses nothing: the action, which somebody may be
   * waiting for, is then run by one of the {@link DaemonThreads}.
   *
   * @param delayNanos from now; none if it is not positive
   * @param executor where
   * @param action what
   * @return takes the action back if it has not begun, and leaves nothing of it behind
   */
  public static Runnable schedule(long delayNanos, Executor executor, Runnable action) {
    Bell bell = new Bell(executor, action);
    bell.thenAccept(bell::rung);
    try {
      bell.completeOnTimeout(
          true, Math.min(FOREVER, Math.max(0, delayNanos)), TimeUnit.NANOSECONDS);
    } catch (OutOfMemoryError noThread) {
      // The system has none left for the timer. It is in its queue, and the next one tries again.
    }
    return bell;
  }

  /**
   * Runs an action later on one of the {@link DaemonThreads}, unless a future is done by then.
   *
   * @param future whose end takes the action back
   * @param delayNanos from now; none if it is not positive
   * @param action what
   */
  public static void scheduleUnlessDone(
      CompletableFuture<?> future, long delayNanos, Runnable action) {
    AtomicReference<@Nullable Runnable> takeBack = new AtomicReference<>();
    // First: who adds a dependent to a future that is just being completed runs others of it, too.
    future.whenComplete(
        (value, failure) -> {
          Runnable set = takeBack.getAndSet(NOTHING);
          if (set != null) {
            set.run();
          }
        });
    Runnable set = schedule(delayNanos, DaemonThreads.EXECUTOR, action);
    if (!takeBack.compareAndSet(null, set)) {
      set.run();
    }
  }

  /** Whether it rang: true by the timer, false if it was taken back before. */
  private static final class Bell extends CompletableFuture<Boolean> implements Runnable {
    private final Executor executor;

    /** Null when it has begun or has been taken back. */
    private @Nullable Runnable action;

    Bell(Executor executor, Runnable action) {
      this.executor = executor;
      this.action = action;
    }

    /** Takes it back. Not by a cancel, which older versions of the JDK do not tell their timer. */
    @Override
    public void run() {
      take();
      complete(false);
    }

    void rung(boolean rang) {
      if (rang) {
        // Our own executors neither run things at once nor block; others may.
        boolean isOurs = executor == DaemonThreads.EXECUTOR || executor == BodyThreads.EXECUTOR;
        (isOurs ? executor : DaemonThreads.EXECUTOR).execute(isOurs ? this::begin : this::handOn);
      }
    }

    private void handOn() {
      try {
        executor.execute(this::begin);
      } catch (RuntimeException | Error failure) {
        Runnable refused = take();
        if (refused == null) {
          throw failure; // it is the action that failed
        }
        refused.run();
      }
    }

    private void begin() {
      Runnable begins = take();
      if (begins != null) {
        begins.run();
      }
    }

    private synchronized @Nullable Runnable take() {
      Runnable taken = action;
      action = null;
      return taken;
    }
  }
}

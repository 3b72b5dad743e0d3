package dev.gather.future;

import dev.gather.threads.DaemonThreads;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Completes a future on another thread, where its dependents run then, and waits until it is
 * complete; not for the dependents, which may wait for the caller.
 */
final class Elsewhere {
  private final Runnable completion;
  private final CountDownLatch isDecided = new CountDownLatch(1);
  private volatile @Nullable Thread completer;
  private volatile boolean hasWon;

  Elsewhere(Runnable completion) {
    this.completion = completion;
  }

  /** To be called when the future is complete, on the thread that has completed it. */
  void decided() {
    if (completer == Thread.currentThread()) {
      hasWon = true;
    }
    isDecided.countDown();
  }

  /** {@return whether this has completed the future} */
  boolean complete() {
    DaemonThreads.EXECUTOR.execute(
        () -> {
          completer = Thread.currentThread();
          completion.run();
          isDecided.countDown();
        });
    boolean interrupted = false;
    while (true) {
      try {
        isDecided.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true; // by the very cancellation, perhaps
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return hasWon;
  }
}

package dev.gather;

import dev.gather.held.HeldPermits;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where futures are completed, and so code of users runs. Whoever gives a permit back completes the
 * future of the next, which may give its permit back, and so on: 100,000 would not fit on a stack.
 * Every so many levels this goes on elsewhere. They are not queued for the outermost to complete,
 * since that may wait for one of them.
 */
final class Delivery {
  private static final int SAFE_DEPTH = 16;
  private static final ThreadLocal<int[]> DEPTH = new ThreadLocal<>();

  /**
   * Daemon threads, which end when there is nothing for them to do; no queue, no refusal. A lambda,
   * so that nobody can cast it and shut it down.
   */
  static final Executor EXECUTOR = create();

  private Delivery() {}

  static void run(Runnable action) {
    int[] depth = DEPTH.get();
    if (depth == null) {
      depth = new int[1];
      DEPTH.set(depth); // stays on the thread: an array keeps no class loader alive
    }
    if (depth[0] >= SAFE_DEPTH) {
      EXECUTOR.execute(() -> run(action));
      return;
    }
    depth[0]++;
    // What runs is the work of others: neither the permits of this thread nor an interrupt are
    // theirs.
    boolean isInterrupted = Thread.interrupted();
    try {
      HeldPermits.without(action);
    } finally {
      depth[0]--;
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Executor create() {
    AtomicLong number = new AtomicLong();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            1,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              // They outlive whoever happened to start them, so they inherit nothing.
              String name = "gather-limiter-" + number.getAndIncrement();
              Thread thread = new Thread(null, task, name, 0, false);
              thread.setDaemon(true);
              thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
              return thread;
            });
    return pool::execute;
  }
}

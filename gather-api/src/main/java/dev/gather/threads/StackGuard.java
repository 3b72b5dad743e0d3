package dev.gather.threads;

import java.util.concurrent.Executor;

/**
 * Completing or cancelling something runs code of others, which may complete or cancel the next,
 * and so on: 100,000 levels would not fit on a stack. Every so many of them this goes on elsewhere.
 * They are not queued for the outermost to do, since that may wait for one of them.
 */
public final class StackGuard {
  private static final int SAFE_DEPTH = 16;
  private static final ThreadLocal<int[]> DEPTH = new ThreadLocal<>();

  private StackGuard() {}

  /**
   * Runs an action on the current thread, or, where too many of them are inside one another there,
   * on another.
   *
   * @param elsewhere where it runs then; what that throws is thrown
   * @param action what to run; what it throws on the current thread is thrown
   */
  public static void run(Executor elsewhere, Runnable action) {
    int[] depth = DEPTH.get();
    if (depth == null) {
      depth = new int[1];
      DEPTH.set(depth); // stays on the thread: an array keeps no class loader alive
    }
    if (depth[0] >= SAFE_DEPTH) {
      elsewhere.execute(() -> run(elsewhere, action));
      return;
    }
    depth[0]++;
    try {
      action.run();
    } finally {
      depth[0]--;
    }
  }
}

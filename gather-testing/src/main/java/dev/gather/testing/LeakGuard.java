package dev.gather.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Watches one test: nothing that Gather started may outlive it, nothing may have reached the
 * uncaught handler, and the thread must not stay interrupted.
 *
 * <p>What is still going on when the test is over is given some time to end; only what does not end
 * fails the test. A coroutine that is suspended shows by what will resume it: a thread, a timer, or
 * the job of its caller, which {@code runTest} watches.
 */
public final class LeakGuard {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final AtomicInteger OPEN = new AtomicInteger();

  /**
   * Threads that hang since an earlier test: that one has failed, and the others are not to blame.
   */
  private static final Set<Object> TOLD = ConcurrentHashMap.newKeySet();

  private final Duration patience;
  private final Set<Thread> before = new HashSet<>();
  private final Set<Object> timersBefore = Collections.newSetFromMap(new IdentityHashMap<>());

  private LeakGuard(Duration patience) {
    this.patience = patience;
  }

  /** Begins to watch. */
  public static LeakGuard begin() {
    return begin(PATIENCE);
  }

  /**
   * Begins to watch.
   *
   * @param patience how long to wait at the end for what goes on
   */
  public static LeakGuard begin(Duration patience) {
    Uncaught.watch();
    TOLD.retainAll(LiveThreads.running().keySet());
    LeakGuard guard = new LeakGuard(patience);
    guard.before.addAll(LiveThreads.platform());
    guard.timersBefore.addAll(PendingTimers.all());
    OPEN.incrementAndGet();
    return guard;
  }

  /** Whether any test is being watched. */
  public static boolean isWatching() {
    return OPEN.get() > 0;
  }

  /** Whether this JVM shows which timers are set in the JDK: before 25. */
  public static boolean canSeeTimersOfTheJdk() {
    return PendingTimers.canSeeThoseOfTheJdk();
  }

  /** Throws an error that names everything that was left. */
  public void end() {
    OPEN.decrementAndGet();
    List<String> leaks = new ArrayList<>();
    if (Thread.interrupted()) {
      leaks.add("the thread of the test is interrupted: " + Thread.currentThread());
    }
    long deadline = System.nanoTime() + patience.toNanos();
    List<String> left = left();
    while (!left.isEmpty() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(1_000_000); // there is nothing that could be waited for
      left = left();
    }
    if (!left.isEmpty()) {
      TOLD.addAll(LiveThreads.running().keySet());
    }
    leaks.addAll(left);
    leaks.addAll(Uncaught.take());
    if (!leaks.isEmpty()) {
      throw new AssertionError("left behind by the test:\n  " + String.join("\n  ", leaks));
    }
  }

  private List<String> left() {
    List<String> left = new ArrayList<>();
    LiveThreads.running()
        .forEach(
            (thread, what) -> {
              if (!TOLD.contains(thread)) {
                left.add(what);
              }
            });
    left.addAll(LiveThreads.ofExecutorsSince(before));
    left.addAll(PendingTimers.ofGatherSince(timersBefore));
    return left;
  }

  /** What reached the default handler; whoever else wants to hear it still does. */
  private static final class Uncaught {
    private static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();

    private Uncaught() {}

    static synchronized void watch() {
      SEEN.clear();
      Thread.UncaughtExceptionHandler next = Thread.getDefaultUncaughtExceptionHandler();
      if (next instanceof Handler) {
        return;
      }
      Thread.setDefaultUncaughtExceptionHandler(new Handler(next));
    }

    static List<String> take() {
      List<String> taken = new ArrayList<>(SEEN);
      SEEN.clear();
      return taken;
    }

    private record Handler(Thread.UncaughtExceptionHandler next)
        implements Thread.UncaughtExceptionHandler {
      @Override
      public void uncaughtException(Thread thread, Throwable error) {
        SEEN.add("uncaught in " + thread.getName() + ": " + error);
        if (next != null) {
          next.uncaughtException(thread, error);
        }
      }
    }
  }
}

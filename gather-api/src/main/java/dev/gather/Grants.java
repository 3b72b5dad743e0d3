package dev.gather;

import dev.gather.threads.DaemonThreads;
import dev.gather.threads.HeldPermits;
import dev.gather.threads.StackGuard;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Those who are granted a permit by one change. They are told one after the other, first come,
 * first served, and telling one runs code of users, which may wait for the permit of the next. So
 * where there are several another thread stands by, and goes on with the rest when one does not
 * come back; one alone is told without it.
 */
final class Grants {
  private static final long LOOK_NANOS = 1_000_000;

  /** After so many looks without a step whoever tells is stuck, if it waits for something. */
  private static final int LOOKS_AT_WAITING = 2;

  /** The same if it does not: it may be slow, or held up by other threads, or spin. */
  private static final int LOOKS_AT_RUNNING = 50;

  private final List<Claim> granted;
  private final AtomicInteger next = new AtomicInteger();
  private volatile Thread teller = Thread.currentThread();

  private Grants(List<Claim> granted) {
    this.granted = granted;
  }

  /** On this thread, or another where too many of them are inside one another. */
  static void tell(List<Claim> granted) {
    if (!granted.isEmpty()) {
      StackGuard.run(DaemonThreads.EXECUTOR, () -> tellHere(granted));
    }
  }

  /** The work of others: neither the permits of this thread nor an interrupt are theirs. */
  private static void tellHere(List<Claim> granted) {
    boolean isInterrupted = Thread.interrupted();
    try {
      HeldPermits.without(
          granted.size() == 1 ? granted.get(0)::granted : new Grants(granted)::tellTheRest);
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void tellTheRest() {
    try {
      if (next.get() < granted.size() - 1) {
        DaemonThreads.EXECUTOR.execute(this::standBy);
      }
    } finally { // be there a thread for it or not
      for (int i = next.getAndIncrement(); i < granted.size(); i = next.getAndIncrement()) {
        teller = Thread.currentThread();
        granted.get(i).granted();
      }
    }
  }

  private void standBy() {
    int before = -1;
    int looks = 0;
    for (int at = next.get(); at < granted.size(); at = next.get()) {
      looks = at == before ? looks + 1 : 0;
      if (looks >= (isWaiting(teller) ? LOOKS_AT_WAITING : LOOKS_AT_RUNNING)) {
        tellTheRest();
        return;
      }
      before = at;
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private static boolean isWaiting(Thread thread) {
    return switch (thread.getState()) {
      case BLOCKED, WAITING, TIMED_WAITING -> true;
      case NEW, RUNNABLE, TERMINATED -> false;
    };
  }
}

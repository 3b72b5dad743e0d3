package dev.gather.coroutines.internal;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * Interrupts a thread only while it runs the one body that is meant, and never afterwards: the
 * interrupt has either arrived when {@link #end} returns, or will never be sent.
 */
public class InterruptCell {
  private static final long UNUSED = -2;
  private static final long IDLE = -1;
  private static final int RUNNING = 1;
  private static final int INTERRUPTING = 2;
  private static final int INTERRUPTED = 3;
  private static final AtomicLongFieldUpdater<InterruptCell> STATE =
      AtomicLongFieldUpdater.newUpdater(InterruptCell.class, "state");

  /** UNUSED, IDLE, or the number of the body and its phase in the low two bits. */
  private volatile long state = UNUSED;

  private volatile Thread thread = Thread.currentThread();

  private static long state(int body, int phase) {
    return (long) body << 2 | phase;
  }

  /** Whether the caller is the first to use this cell. */
  public final boolean tryUse() {
    return STATE.compareAndSet(this, UNUSED, IDLE);
  }

  /** The current thread begins to run a body. */
  public final void begin(int body) {
    if (thread != Thread.currentThread()) {
      thread = Thread.currentThread();
    }
    state = state(body, RUNNING);
  }

  /**
   * Interrupts the thread if it runs this body, once.
   *
   * @return whether it did
   */
  public final boolean interrupt(int body) {
    if (!STATE.compareAndSet(this, state(body, RUNNING), state(body, INTERRUPTING))) {
      return false;
    }
    thread.interrupt();
    state = state(body, INTERRUPTED);
    return true;
  }

  /** Whether the current thread is running a body. */
  public final boolean isOnThisThread() {
    return thread == Thread.currentThread() && state >= 0;
  }

  /**
   * The body has returned. If it was interrupted, its interrupt has arrived now and is cleared.
   *
   * @return whether it was interrupted
   */
  public final boolean end(int body) {
    if (STATE.compareAndSet(this, state(body, RUNNING), IDLE)) {
      return false;
    }
    while (state != state(body, INTERRUPTED)) {
      Thread.onSpinWait();
    }
    state = IDLE;
    Thread.interrupted();
    return true;
  }
}

package dev.gather.coroutines.internal.cells;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * Interrupts a thread only while it runs the one body that is meant, and never afterwards: the
 * interrupt has either arrived when {@link #end} returns, or will never be sent. Nor does it reach
 * what runs inside of that body on the same thread, see {@link Covers}: it waits until that is
 * over.
 */
public class InterruptCell {
  /*
   *           begin(body)                     interruptBody(body)
   *   IDLE ───────────────► RUNNING body ───────────────────────► INTERRUPTING body
   *    ▲ ▲                        │                                      │ (the interrupt is sent)
   *    │ └──── end: false ────────┘                                      ▼
   *    │◄─────────────── end: true, waits for this ───────────── INTERRUPTED body
   *    │                                                                 │ abandon(body)
   *    └─────────────── end: true, and wasAbandoned ──────────── ABANDONED body
   */

  private static final long IDLE = -1;
  private static final int ABANDONED = 0;
  private static final int RUNNING = 1;
  private static final int INTERRUPTING = 2;
  private static final int INTERRUPTED = 3;
  private static final AtomicLongFieldUpdater<InterruptCell> STATE =
      AtomicLongFieldUpdater.newUpdater(InterruptCell.class, "state");

  /** IDLE, or the number of the body and its phase in the low two bits. */
  private volatile long state = IDLE;

  private volatile Thread thread = Thread.currentThread();

  /** Only used on the thread of the body. */
  private boolean wasAbandoned;

  /** Likewise. */
  private boolean wasDisturbed;

  private static long state(int body, int phase) {
    return (long) body << 2 | phase;
  }

  /** The current thread begins to run a body. */
  public final void begin(int body) {
    if (thread != Thread.currentThread()) {
      thread = Thread.currentThread();
    }
    Covers.entered(this);
    state = state(body, RUNNING);
  }

  /**
   * Interrupts the thread if it runs this body, once.
   *
   * @return whether it did, or will when the thread comes back to the body
   */
  public final boolean interruptBody(int body) {
    if (!STATE.compareAndSet(this, state(body, RUNNING), state(body, INTERRUPTING))) {
      return false;
    }
    Covers.interrupt(thread, this);
    state = state(body, INTERRUPTED);
    return true;
  }

  /**
   * Gives up a body that has been interrupted and does not return.
   *
   * @return whether it had not: then {@link #wasAbandoned} tells so when it does
   */
  public final boolean abandon(int body) {
    return STATE.compareAndSet(this, state(body, INTERRUPTED), state(body, ABANDONED));
  }

  /** Whether somebody else has interrupted the thread while it ran the last body. */
  public final boolean wasDisturbed() {
    return wasDisturbed;
  }

  /** Whether the last body that has ended had been given up before. */
  public final boolean wasAbandoned() {
    return wasAbandoned;
  }

  /** Whether this body is still running, and has been interrupted. */
  public final boolean isInterrupted(int body) {
    long seen = state;
    return seen >= 0 && seen >> 2 == body && seen != state(body, RUNNING);
  }

  /** Whether this thread is running a body. */
  public final boolean runsOn(Thread here) {
    return thread == here && state >= 0;
  }

  /**
   * The body has returned. If it was interrupted, its interrupt has arrived now and is cleared, and
   * so is whatever the body has left behind.
   *
   * @return whether it was interrupted
   */
  public final boolean end(int body) {
    boolean wasInterrupted = !STATE.compareAndSet(this, state(body, RUNNING), IDLE);
    if (wasInterrupted) {
      while (state == state(body, INTERRUPTING)) {
        Thread.onSpinWait();
      }
      wasAbandoned = !STATE.compareAndSet(this, state(body, INTERRUPTED), IDLE);
      state = IDLE;
    }
    Covers.left();
    wasDisturbed = Thread.interrupted() && !wasInterrupted;
    if (wasDisturbed) {
      Covers.keepInterrupt();
    }
    return wasInterrupted;
  }
}

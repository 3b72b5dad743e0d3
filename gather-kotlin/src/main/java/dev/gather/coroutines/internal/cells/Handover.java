package dev.gather.coroutines.internal.cells;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Where the start of a body that suspends meets its resumption, which may come, elsewhere, before
 * the start has returned: whoever comes second of the two goes on. Then it may be used for the next
 * body.
 */
public abstract class Handover {
  /*
   *                  suspended: null                  resumed
   *   null (starts) ─────────────────► SUSPENDED ───────────────► null (free again)
   *        │                                                        ▲
   *        │ tryLeave(early)              suspended: early          │
   *        └────────────────► early ────────────────────────────────┘
   */

  private static final Object SUSPENDED = new Object();
  private static final AtomicReferenceFieldUpdater<Handover, Object> STATE =
      AtomicReferenceFieldUpdater.newUpdater(Handover.class, Object.class, "state");

  /** Null while a body is being started; then SUSPENDED, or what an early resumption has left. */
  private volatile @Nullable Object state;

  /**
   * The start of the body has returned, and it is suspended.
   *
   * @return null if whoever resumes it goes on; else the caller does, with what they have left
   */
  protected final @Nullable Object suspended() {
    if (STATE.compareAndSet(this, null, SUSPENDED)) {
      return null;
    }
    Object early = state;
    state = null;
    return early;
  }

  /** Whether the start of the body has returned, as far as can be told. */
  protected final boolean isSuspended() {
    return state != null;
  }

  /** Leaves a result for the start of the body to find; false if that has returned. */
  protected final boolean tryLeave(Object early) {
    return STATE.compareAndSet(this, null, early);
  }

  /** Whoever resumes the body goes on. */
  protected final void resumed() {
    state = null;
  }
}

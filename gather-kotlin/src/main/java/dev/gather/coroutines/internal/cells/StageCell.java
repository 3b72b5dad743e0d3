package dev.gather.coroutines.internal.cells;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * A task that waits for a stage: its cancellation against its end. Each happens at most once, and
 * nothing is cancelled that has ended.
 */
public class StageCell {
  /*
   *   0 ── tryCancel ──► CANCELLED
   *   │                      │
   *   │ tryEnd               │ tryEnd
   *   ▼                      ▼
   *   ENDED          CANCELLED | ENDED
   *
   *   CANCELLED ── tryAbandon ──► CANCELLED | ENDED | ABANDONED ── tryComeBack ──► … | BACK
   */

  private static final int CANCELLED = 1;
  private static final int ENDED = 2;
  private static final int ABANDONED = 4;
  private static final int BACK = 8;
  private static final AtomicIntegerFieldUpdater<StageCell> STATE =
      AtomicIntegerFieldUpdater.newUpdater(StageCell.class, "state");

  private volatile int state;

  /** Whether the caller is the one to cancel the task. */
  public final boolean tryCancel() {
    return STATE.compareAndSet(this, 0, CANCELLED);
  }

  /** Whether the caller is the one to end the task. */
  public final boolean tryEnd() {
    return STATE.compareAndSet(this, 0, ENDED)
        || STATE.compareAndSet(this, CANCELLED, CANCELLED | ENDED);
  }

  /** Whether the caller is the one to end a task that was cancelled, although its stage goes on. */
  public final boolean tryAbandon() {
    return STATE.compareAndSet(this, CANCELLED, CANCELLED | ENDED | ABANDONED);
  }

  /**
   * Whether the task has ended in that way, and the caller is the one to say that its stage has.
   */
  public final boolean tryComeBack() {
    int abandoned = CANCELLED | ENDED | ABANDONED;
    return STATE.compareAndSet(this, abandoned, abandoned | BACK);
  }

  /** Whether the task was cancelled; settled once it has ended. */
  public final boolean wasCancelled() {
    return (state & CANCELLED) != 0;
  }
}

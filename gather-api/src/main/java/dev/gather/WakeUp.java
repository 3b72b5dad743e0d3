package dev.gather;

import org.jspecify.annotations.Nullable;

/**
 * The timer of a limiter: one at a time, however many wait, and none while nobody does. Guarded by
 * the limiter's lock.
 */
final class WakeUp {
  private final Timer timer;
  private final Runnable action;
  private @Nullable Runnable takeBack;
  private long at;

  WakeUp(Timer timer, Runnable action) {
    this.timer = timer;
    this.action = action;
  }

  boolean isSet() {
    return takeBack != null;
  }

  /** The action is to run after this time; {@link PermitQueue#NEVER} means not at all. */
  void after(long delayNanos, long now) {
    boolean isSet = takeBack != null && at - now > 0;
    if (isSet && delayNanos != PermitQueue.NEVER && at - now <= delayNanos) {
      return; // it rings early enough; what is too early is only looked at once more
    }
    if (isSet) {
      takeBack.run();
    }
    takeBack = null;
    if (delayNanos != PermitQueue.NEVER) {
      at = now + delayNanos;
      takeBack = timer.schedule(delayNanos, action);
    }
  }

  /** Runs an action later, on a thread where it may take its time. */
  interface Timer {
    /** Returns what takes the action back, if it has not begun. */
    Runnable schedule(long delayNanos, Runnable action);
  }
}

package dev.gather;

import dev.gather.threads.Clock;
import org.jspecify.annotations.Nullable;

/**
 * The timer of a limiter: one at a time, however many wait, and none while nobody does. Guarded by
 * the limiter's lock.
 */
final class WakeUp {
  private final Runnable action;
  private @Nullable Runnable takeBack;
  private long at;

  WakeUp(Runnable action) {
    this.action = action;
  }

  boolean isSet() {
    return takeBack != null;
  }

  /** The time is another from now on; whatever was set is set anew by whoever says so. */
  void takeBack() {
    if (takeBack != null) {
      takeBack.run();
      takeBack = null;
    }
  }

  /** The action is to run after this time; {@link PermitQueue#NEVER} means not at all. */
  void after(Clock clock, long delayNanos, long now) {
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
      takeBack = clock.schedule(delayNanos, action);
    }
  }
}

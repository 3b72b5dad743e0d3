package dev.gather.coroutines.internal;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * Counts what may still start or end a task of a run. Whoever gives the last token back ends the
 * run; after that there are none to be had.
 */
public final class Tokens {
  private static final AtomicIntegerFieldUpdater<Tokens> HELD =
      AtomicIntegerFieldUpdater.newUpdater(Tokens.class, "held");

  /** Whoever starts the run holds the first. */
  private volatile int held = 1;

  /** For one who holds a token already. */
  public void take() {
    HELD.incrementAndGet(this);
  }

  /** For one who holds none; false if the run has ended. */
  public boolean tryTake() {
    int seen = held;
    while (seen != 0) {
      if (HELD.compareAndSet(this, seen, seen + 1)) {
        return true;
      }
      seen = held;
    }
    return false;
  }

  /**
   * Gives one back.
   *
   * @return whether it was the last one
   */
  public boolean giveBack() {
    return HELD.decrementAndGet(this) == 0;
  }

  /** Whether nobody holds one any more. */
  public boolean isNone() {
    return held == 0;
  }

  /** Whether nobody holds one but the caller, who does. */
  public boolean isLast() {
    return held == 1;
  }
}

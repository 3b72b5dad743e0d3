package dev.gather.coroutines.internal;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts what may still start or end a task of a run. Whoever gives the last token back ends the
 * run; after that there are none to be had.
 */
public final class Tokens {
  /** Whoever starts the run holds the first. */
  private final AtomicInteger held = new AtomicInteger(1);

  /** For one who holds a token already. */
  public void take() {
    held.incrementAndGet();
  }

  /** For one who holds none; false if the run has ended. */
  public boolean tryTake() {
    int seen = held.get();
    while (seen != 0) {
      int witness = held.compareAndExchange(seen, seen + 1);
      if (witness == seen) {
        return true;
      }
      seen = witness;
    }
    return false;
  }

  /**
   * Gives one back.
   *
   * @return whether it was the last one
   */
  public boolean giveBack() {
    return held.decrementAndGet() == 0;
  }

  /** Whether nobody holds one but the caller, who does. */
  public boolean isLast() {
    return held.get() == 1;
  }
}

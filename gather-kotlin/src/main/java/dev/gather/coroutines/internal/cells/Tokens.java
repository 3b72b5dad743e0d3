package dev.gather.coroutines.internal.cells;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * Counts what may still start or end a task of a run. Whoever gives the last token back ends the
 * run; after that there are none to be had.
 */
public final class Tokens {
  /*
   *                  take, tryTake
   *   0 held ◄── 1 held ◄────────────► 2 held ◄─► …      of which so many idle: takeIdle, getBusy
   *   (for good)   giveBack                              of which so many given up: giveUp, comeBack
   */

  private static final AtomicIntegerFieldUpdater<Tokens> HELD =
      AtomicIntegerFieldUpdater.newUpdater(Tokens.class, "held");

  private static final AtomicIntegerFieldUpdater<Tokens> IDLE =
      AtomicIntegerFieldUpdater.newUpdater(Tokens.class, "idle");

  /** Whoever starts the run holds the first. */
  private volatile int held = 1;

  /** How many of those are held by somebody who waits for others. */
  private volatile int idle;

  /**
   * How many of those are held by somebody who is not waited for; written under the lock of this.
   */
  private volatile int givenUp;

  /** Whether there are any such, and nobody has been told yet that there are no others. */
  private volatile boolean mayBeRest;

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

  /** For one who holds a token already, and takes one that it cannot do anything with by itself. */
  public void takeIdle() {
    HELD.incrementAndGet(this); // first: nobody must look forsaken who is not
    IDLE.incrementAndGet(this);
  }

  /** The holder of an idle token can do something again, or gives it back. */
  public void getBusy() {
    IDLE.decrementAndGet(this);
  }

  /** Whether nobody holds one who could do anything, but for one. */
  public boolean isForsaken() {
    return held - idle - givenUp <= 1;
  }

  /** One token, whose holder may keep it for long, is not waited for any more. */
  public synchronized void giveUp() {
    givenUp++;
    mayBeRest = true;
  }

  /** The holder of such a token is about to give it back after all, or is waited for again. */
  public synchronized void comeBack() {
    givenUp--;
  }

  /** Whether nobody holds one who is waited for, but others do; told once to one who holds none. */
  public boolean isRestGivenUp() {
    return mayBeRest && isRest();
  }

  /** While nobody can come back: who does so gives the token back after that. */
  private synchronized boolean isRest() {
    if (!mayBeRest || givenUp == 0 || held != givenUp) {
      return false;
    }
    mayBeRest = false;
    return true;
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

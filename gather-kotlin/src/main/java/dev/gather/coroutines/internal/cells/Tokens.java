package dev.gather.coroutines.internal.cells;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * Counts what may still start or end a task of a run. Whoever gives the last token back ends the
 * run; after that there are none to be had.
 */
public final class Tokens {
  /*
   *                  take, tryTake
   *   0 held ◄── 1 held ◄────────────► 2 held ◄─► …      of which so many idle: takeIdle; getBusy, giveBackIdle
   *   (for good)   giveBack                              of which so many given up: giveUp, comeBack
   */

  private static final AtomicLongFieldUpdater<Tokens> STATE =
      AtomicLongFieldUpdater.newUpdater(Tokens.class, "state");

  private static final long HELD = 1L << 32;
  private static final long NOT_BUSY = 1;

  /**
   * How many are held; in the lower half how many of those by somebody who waits for others, or is
   * not waited for. In one: who looks whether anybody is busy sees both of the same moment. Whoever
   * starts the run holds the first.
   */
  private volatile long state = HELD;

  /** How many are held by somebody who is not waited for; under the lock of this. */
  private int givenUp;

  /** Whether there are any such, and nobody has been told yet that there are no others. */
  private volatile boolean mayBeRest;

  private static int held(long state) {
    return (int) (state >> 32);
  }

  /** For one who holds a token already. */
  public void take() {
    STATE.addAndGet(this, HELD);
  }

  /** For one who holds none; false if the run has ended. */
  public boolean tryTake() {
    long seen = state;
    while (held(seen) != 0) {
      if (STATE.compareAndSet(this, seen, seen + HELD)) {
        return true;
      }
      seen = state;
    }
    return false;
  }

  /**
   * Gives one back.
   *
   * @return whether it was the last one
   */
  public boolean giveBack() {
    return held(STATE.addAndGet(this, -HELD)) == 0;
  }

  /** For one who holds a token already, and takes some that nobody can do anything with yet. */
  public void takeIdle(int many) {
    STATE.addAndGet(this, many * (HELD + NOT_BUSY));
  }

  /**
   * Gives back one of those.
   *
   * @return whether it was the last one
   */
  public boolean giveBackIdle() {
    return held(STATE.addAndGet(this, -(HELD + NOT_BUSY))) == 0;
  }

  /** The holder of an idle token can do something again. */
  public void getBusy() {
    STATE.addAndGet(this, -NOT_BUSY);
  }

  /** Whether nobody holds one who could do anything, but for one. */
  public boolean isForsaken() {
    long seen = state;
    return held(seen) - (int) seen <= 1;
  }

  /** One token, whose holder may keep it for long, is not waited for any more. */
  public synchronized void giveUp() {
    givenUp++;
    STATE.addAndGet(this, NOT_BUSY);
    mayBeRest = true;
  }

  /** The holder of such a token is about to give it back after all, or is waited for again. */
  public synchronized void comeBack() {
    givenUp--;
    STATE.addAndGet(this, -NOT_BUSY);
  }

  /** Whether nobody holds one who is waited for, but others do; told once to one who holds none. */
  public boolean isRestGivenUp() {
    return mayBeRest && isRest();
  }

  /** While nobody can come back: who does so gives the token back after that. */
  private synchronized boolean isRest() {
    if (!mayBeRest || givenUp == 0 || held(state) != givenUp) {
      return false;
    }
    mayBeRest = false;
    return true;
  }

  /** How many are held. */
  public int held() {
    return held(state);
  }

  /** Whether nobody holds one any more. */
  public boolean isNone() {
    return held(state) == 0;
  }

  /** Whether nobody holds one but the caller, who does. */
  public boolean isLast() {
    return held(state) == 1;
  }
}

package dev.gather.coroutines.internal.cells;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * The helpers that are on their way, which are few at a time. Each comes with a token, and whoever
 * takes a helper out of this cell, by arrival, refusal or revocation, gives that token back or uses
 * it.
 */
public class HelperCell {
  /*
   *        tryCall (up to most)            tryArrive
   *   0 ◄──────────────────────► 1 ◄──────────────────► 2 ◄─► …
   *              any of these but 0 ── revoke: how many ──► REVOKED (for good)
   */

  private static final int REVOKED = -1;
  private static final AtomicIntegerFieldUpdater<HelperCell> STATE =
      AtomicIntegerFieldUpdater.newUpdater(HelperCell.class, "state");

  /** How many are coming, or REVOKED. */
  private volatile int state;

  private final Tokens tokens;

  public HelperCell(Tokens tokens) {
    this.tokens = tokens;
  }

  /** Whether one could be called where so many may be coming. */
  public final boolean hasRoom(int most) {
    int coming = state;
    return coming >= 0 && coming < most;
  }

  /** Whether any is coming. */
  public final boolean isComing() {
    return state > 0;
  }

  /**
   * The caller, who holds a token, sends a helper; false if enough are coming, or none is wanted
   * any more. The helper's token is there before the helper is: it may be revoked at once.
   */
  public final boolean tryCall(int most) {
    tokens.take();
    while (true) {
      int coming = state;
      if (coming < 0 || coming >= most) {
        tokens.giveBack();
        return false;
      }
      if (STATE.compareAndSet(this, coming, coming + 1)) {
        return true;
      }
    }
  }

  /** A helper has come, or has been refused a thread; false if it was revoked or came before. */
  public final boolean tryArrive() {
    while (true) {
      int coming = state;
      if (coming <= 0) {
        return false;
      }
      if (STATE.compareAndSet(this, coming, coming - 1)) {
        return true;
      }
    }
  }

  /**
   * The helpers that are coming are not waited for, and none is called after them.
   *
   * @return how many there were
   */
  public final int revoke() {
    while (true) {
      int coming = state;
      if (coming <= 0) {
        return 0;
      }
      if (STATE.compareAndSet(this, coming, REVOKED)) {
        return coming;
      }
    }
  }
}

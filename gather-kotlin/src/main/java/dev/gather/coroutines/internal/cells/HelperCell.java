package dev.gather.coroutines.internal.cells;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * The helpers that are on their way, which are few at a time. Each comes with a token, and whoever
 * takes a helper out of this cell, by arrival, refusal or revocation, gives that token back or uses
 * it.
 */
public class HelperCell {
  /*
   *   coming:       tryCall (up to most)            tryArrive
   *            0 ◄──────────────────────► 1 ◄──────────────────► 2 ◄─► …
   *                 any of these but 0 ── revoke: how many ──► REVOKED (for good)
   *
   *   being sent:   tryCall: one more;  sent: one less, also of those that have arrived or are revoked
   *
   * Both in one word: who leaves because one is coming must not have seen it before it was refused,
   * and that nobody is being sent after that.
   */

  private static final int SENDING = 1 << 16;
  private static final int COMING = SENDING - 1;
  private static final int REVOKED = COMING;
  private static final AtomicIntegerFieldUpdater<HelperCell> STATE =
      AtomicIntegerFieldUpdater.newUpdater(HelperCell.class, "state");

  /** How many are being sent, and how many are coming or REVOKED. */
  private volatile int state;

  private final Tokens tokens;

  public HelperCell(Tokens tokens) {
    this.tokens = tokens;
  }

  private static int comingOf(int state) {
    int coming = state & COMING;
    return coming == REVOKED ? 0 : coming;
  }

  private static boolean isRevoked(int state) {
    return (state & COMING) == REVOKED;
  }

  /** Whether one could be called where so many may be coming. */
  public final boolean hasRoom(int most) {
    int seen = state;
    return !isRevoked(seen) && comingOf(seen) < most;
  }

  /** Whether any is coming. */
  public final boolean isComing() {
    return comingOf(state) > 0;
  }

  /** Whether any is coming that is not being sent any more, and so has been taken. */
  public final boolean isTaken() {
    int seen = state;
    return comingOf(seen) > 0 && seen < SENDING;
  }

  /** How many are being sent. */
  public final int sending() {
    return state / SENDING;
  }

  /**
   * The caller, who holds a token, sends a helper, and then says that it was {@link #sent}; false
   * if enough are coming, or none is wanted any more. The helper's token is there before the helper
   * is: it may be revoked at once.
   */
  public final boolean tryCall(int most) {
    tokens.take();
    while (true) {
      int seen = state;
      if (isRevoked(seen) || comingOf(seen) >= most) {
        tokens.giveBack();
        return false;
      }
      if (STATE.compareAndSet(this, seen, seen + SENDING + 1)) {
        return true;
      }
    }
  }

  /**
   * A helper has been taken by whoever has threads; or it was not, and has been taken out of here.
   */
  public final void sent() {
    STATE.addAndGet(this, -SENDING);
  }

  /** A helper has come, or has been refused a thread; false if it was revoked or came before. */
  public final boolean tryArrive() {
    while (true) {
      int seen = state;
      if (comingOf(seen) == 0) {
        return false;
      }
      if (STATE.compareAndSet(this, seen, seen - 1)) {
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
      int seen = state;
      int coming = comingOf(seen);
      if (coming == 0) {
        return 0;
      }
      if (STATE.compareAndSet(this, seen, seen | REVOKED)) {
        return coming;
      }
    }
  }
}

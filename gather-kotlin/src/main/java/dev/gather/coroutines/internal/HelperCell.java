package dev.gather.coroutines.internal;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * At most one helper is on its way at a time. It comes with a token, and whoever takes the helper
 * out of this cell, by arrival, refusal or revocation, gives that token back or uses it.
 */
public final class HelperCell {
  private static final int NONE = 0;
  private static final int COMING = 1;
  private static final int REVOKED = 2;
  private static final AtomicIntegerFieldUpdater<HelperCell> STATE =
      AtomicIntegerFieldUpdater.newUpdater(HelperCell.class, "state");

  private volatile int state = NONE;

  private final Tokens tokens;

  public HelperCell(Tokens tokens) {
    this.tokens = tokens;
  }

  /** Whether one could be called. */
  public boolean isFree() {
    return state == NONE;
  }

  /**
   * The caller, who holds a token, sends a helper; false if one is coming, or none is wanted any
   * more. The helper's token is there before the helper is: it may be revoked at once.
   */
  public boolean tryCall() {
    tokens.take();
    if (STATE.compareAndSet(this, NONE, COMING)) {
      return true;
    }
    tokens.giveBack();
    return false;
  }

  /** The helper has come, or has been refused a thread; false if it was revoked or came before. */
  public boolean tryArrive() {
    return STATE.compareAndSet(this, COMING, NONE);
  }

  /** The helper that is coming is not waited for, and none is called after it. */
  public boolean tryRevoke() {
    return STATE.compareAndSet(this, COMING, REVOKED);
  }
}

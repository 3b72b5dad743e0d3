package dev.gather.coroutines.internal;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * At most one helper is on its way at a time. It comes with a token, and whoever takes the helper
 * out of this cell, by arrival, refusal or revocation, gives that token back or uses it.
 */
public final class HelperCell {
  private static final int NONE = 0;
  private static final int COMING = 1;
  private static final int REVOKED = 2;

  private final AtomicInteger state = new AtomicInteger(NONE);

  /** Whether one could be called. */
  public boolean isFree() {
    return state.get() == NONE;
  }

  /** The caller sends a helper; false if one is coming, or none is wanted any more. */
  public boolean tryCall() {
    return state.compareAndSet(NONE, COMING);
  }

  /** The helper has come, or has been refused a thread; false if it was revoked or came before. */
  public boolean tryArrive() {
    return state.compareAndSet(COMING, NONE);
  }

  /** The helper that is coming is not waited for, and none is called after it. */
  public boolean tryRevoke() {
    return state.compareAndSet(COMING, REVOKED);
  }
}

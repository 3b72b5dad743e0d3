package dev.gather;

import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One request for a permit, from the moment it is made until the permit is given back. */
final class Claim implements Comparable<Claim> {
  // All guarded by the lock of the limiter, and written by its queue; but for the state of one that
  // is taken without the lock, which nobody else knows yet.

  State state = State.WAITING;
  long number;

  /**
   * The innermost one around it that has a permit, waits for it, or had it: that may be lent to
   * this one.
   */
  @Nullable Claim outer;

  /** Who has a permit that this one has borrowed; null if it has one of its own. */
  @Nullable Claim lender;

  /** To whom the permit of this one is lent. */
  @Nullable Claim borrower;

  /** Those of which this is the outer one and which wait; null if there was none yet. */
  private @Nullable NavigableSet<Claim> inner;

  /** The first of them, as long as it may have the permit of this one. */
  @Nullable Claim offered;

  private final Runnable whenGranted;

  /**
   * Nothing is asked for yet.
   *
   * @param outer the one around it that has a permit, if any
   * @param whenGranted called outside of the lock
   */
  Claim(@Nullable Claim outer, Runnable whenGranted) {
    this.outer = outer;
    this.whenGranted = whenGranted;
  }

  void granted() {
    whenGranted.run();
  }

  boolean canLend() {
    return state == State.HELD && borrower == null;
  }

  NavigableSet<Claim> inner() {
    NavigableSet<Claim> claims = inner;
    if (claims == null) {
      claims = new TreeSet<>();
      inner = claims;
    }
    return claims;
  }

  @Nullable Claim firstInner() {
    return inner == null || inner.isEmpty() ? null : inner.first();
  }

  /** In the order of arrival; no two arrive at the same time. */
  @Override
  public int compareTo(Claim other) {
    return Long.compare(number, other.number);
  }

  enum State {
    WAITING,
    HELD,
    OVER
  }
}

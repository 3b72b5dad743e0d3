package dev.gather;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.NavigableSet;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who has a permit and who has one next. Knows neither threads nor futures, and is told what time
 * it is; the limiter guards it by a lock.
 *
 * <p>The permits of the limiter are <em>slots</em>. A claim that is granted takes a free slot, or
 * shares that of its outer claim: it borrows. So claims that hold permits form chains, the first of
 * which has the slot; each may lend to one other at a time. Whoever gives its permit back while it
 * is lent leaves the chain, and its borrower owes to its lender from then on, or has the slot if
 * there is none; so nobody is kept by those that come after it. When the last of a chain has left,
 * the slot is free.
 *
 * <p>Claims are granted in the order of their arrival, with one exception: while no slot is free,
 * the first that may borrow goes before those that wait for a slot. They may be waiting for the
 * very slot that its outer claim has, which is not given back before it is done.
 */
final class PermitQueue {
  /** The {@link #delay} of a queue in which nobody's turn will come by the passing of time. */
  static final long NEVER = Long.MAX_VALUE;

  /** No bound on the number of slots. */
  static final int UNLIMITED = Integer.MAX_VALUE;

  /** In the order of arrival. */
  private final Set<Claim> waiting = new LinkedHashSet<>();

  /** For each claim that may lend its permit the first that waits to borrow it. */
  private final NavigableSet<Claim> offered = new TreeSet<>();

  private int max;
  private @Nullable RateClock rate;
  private int taken;
  private long arrivals;

  PermitQueue(int max, @Nullable RateClock rate) {
    this.max = max;
    this.rate = rate;
  }

  int max() {
    return max;
  }

  /** Those that are taken stay so, be they too many now. */
  void setMax(int max) {
    this.max = max;
  }

  void setRate(double permits, long now) {
    if (rate == null) {
      rate = new RateClock(permits, 1);
    } else {
      rate.setPermits(permits, now);
    }
  }

  /** From now on the time is another, in which it is a different time. */
  void moveTime(long now, long other) {
    if (rate != null) {
      rate.move(now, other);
    }
  }

  /** How many slots are taken; this and what follows while nobody takes any without the queue. */
  int active() {
    return taken;
  }

  /** How many slots are free; negative if more are taken than may be. */
  int free() {
    return max - taken;
  }

  /** Slots were taken, or given back, by claims that nobody has made. */
  void setFree(int free) {
    taken = max - free;
  }

  /** One slot is free again that was taken by no claim. */
  void giveBackSlot() {
    taken--;
  }

  /** Whether a claim without an outer one has only to look whether a slot is free. */
  boolean isPlain() {
    return rate == null && waiting.isEmpty();
  }

  /** Whether it matters what time it is. */
  boolean hasRate() {
    return rate != null;
  }

  int waiting() {
    return waiting.size();
  }

  /**
   * Grants a claim before it has to wait, if nobody else waits: the same as {@link #ask} and {@link
   * #next}, but for what they take to keep the order. A claim that may borrow is not granted here.
   */
  boolean tryTake(Claim claim, long now) {
    if (claim.outer != null || taken >= max || !waiting.isEmpty()) {
      return false;
    }
    if (rate != null) {
      if (rate.delay(now) > 0) {
        return false;
      }
      rate.take(now);
    }
    claim.state = Claim.State.HELD;
    taken++;
    return true;
  }

  /** Makes a claim wait; {@link #next} grants it. */
  void ask(Claim claim) {
    claim.number = arrivals++;
    waiting.add(claim);
    waitInside(claim, claim.outer);
  }

  /** The one whose turn it is, which has its permit now; null if it is nobody's. */
  @Nullable Claim next(long now) {
    Claim claim = first();
    if (claim == null || rate != null && rate.delay(now) > 0) {
      return null;
    }
    if (rate != null) {
      rate.take(now);
    }
    grant(claim);
    return claim;
  }

  /** How long until it will be somebody's turn if nothing happens meanwhile. */
  long delay(long now) {
    return first() == null ? NEVER : rate == null ? 0 : rate.delay(now);
  }

  /** A claim that waits will not be granted any more; one that has been granted is left alone. */
  void leave(Claim claim) {
    if (claim.state == Claim.State.WAITING) {
      claim.state = Claim.State.OVER;
      forget(claim);
      moveOut(claim);
    }
  }

  /** A claim that was granted gives its permit back; a second time does nothing. */
  void giveBack(Claim claim) {
    if (claim.state != Claim.State.HELD) {
      return;
    }
    claim.state = Claim.State.OVER;
    offer(claim);
    moveOut(claim);
    leaveChain(claim);
  }

  /** Those that wait inside of a claim that is over wait inside of that in which it was made. */
  private void moveOut(Claim claim) {
    claim.outer = firstOpen(claim.outer);
    for (Claim inner = claim.firstInner(); inner != null; inner = claim.firstInner()) {
      claim.inner().remove(inner);
      waitInside(inner, claim.outer);
    }
  }

  private void leaveChain(Claim claim) {
    Claim lender = claim.lender;
    Claim borrower = claim.borrower;
    claim.lender = null;
    claim.borrower = null;
    if (borrower != null) {
      borrower.lender = lender;
      borrower.outer = claim.outer;
    }
    if (lender != null) {
      lender.borrower = borrower;
      offer(lender);
    } else if (borrower == null) {
      taken--;
    }
  }

  /** Adds what there is to say for people. */
  void describe(StringJoiner text) {
    if (max != UNLIMITED) {
      text.add("concurrent=" + max);
    }
    if (rate != null) {
      text.add("perSecond=" + rate.permits());
      text.add("burst=" + rate.burst());
    }
    text.add("active=" + taken);
    text.add("waiting=" + waiting.size());
  }

  private @Nullable Claim first() {
    if (taken < max) {
      Iterator<Claim> inTurn = waiting.iterator();
      return inTurn.hasNext() ? inTurn.next() : null;
    }
    return offered.isEmpty() ? null : offered.first();
  }

  private void grant(Claim claim) {
    claim.state = Claim.State.HELD;
    Claim outer = claim.outer;
    if (outer != null && outer.canLend()) {
      claim.lender = outer;
      outer.borrower = claim;
    } else {
      taken++;
    }
    forget(claim);
    offer(claim);
  }

  /** A claim does not wait any more. */
  private void forget(Claim claim) {
    waiting.remove(claim);
    Claim outer = claim.outer;
    if (outer != null) {
      outer.inner().remove(claim);
      offer(outer);
    }
  }

  /**
   * A claim waits inside of the first one from {@code outer} on that has its permit or waits for
   * it.
   */
  private void waitInside(Claim claim, @Nullable Claim outer) {
    Claim open = firstOpen(outer);
    claim.outer = open;
    if (open != null) {
      open.inner().add(claim);
      offer(open);
    }
  }

  private static @Nullable Claim firstOpen(@Nullable Claim from) {
    Claim open = from;
    while (open != null && open.state == Claim.State.OVER) {
      open = open.outer;
    }
    return open;
  }

  /** Whoever is the first inside of a claim may borrow from it if that may lend. */
  private void offer(Claim lender) {
    Claim first = lender.canLend() ? lender.firstInner() : null;
    Claim before = lender.offered;
    if (first != before) {
      if (before != null) {
        offered.remove(before);
      }
      if (first != null) {
        offered.add(first);
      }
      lender.offered = first;
    }
  }
}

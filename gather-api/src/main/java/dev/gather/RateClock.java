package dev.gather;

import java.math.BigInteger;

/**
 * When the next permit may be handed out, so that they are evenly spaced, and up to a burst of them
 * may go at once after a pause. Time is an input, in nanoseconds as {@link System#nanoTime()} has
 * them, and begins anywhere; guarded by the lock of its limiter.
 *
 * <p>Time earns one permit in each interval, and no more when a burst of them is ready; a permit
 * that is handed out from a full burst starts a new interval. So in any time {@code t} no more than
 * {@code burst + t / interval} are handed out. Whoever comes late finds what was earned, but no
 * more: what was not used is lost beyond the burst. All of this is exact: nothing is rounded that
 * would add up.
 */
final class RateClock {
  private final int burst;
  private double permits;
  private Interval interval;

  /** How many may be handed out now. */
  private int ready;

  // When the last of them was earned, as long as fewer than a burst are ready: so many nanoseconds
  // and parts of the interval.
  private long since;
  private long part;

  RateClock(double permits, int burst) {
    this.permits = permits;
    this.interval = Interval.of(permits);
    this.burst = burst;
    this.ready = burst;
  }

  double permits() {
    return permits;
  }

  int burst() {
    return burst;
  }

  /** How long it takes until the next permit may be handed out; 0 if it may be now. */
  long delay(long now) {
    earn(now);
    if (ready > 0) {
      return 0;
    }
    long until = interval.nanos() - (now - since);
    long parts = part + interval.rest();
    return until + parts / interval.parts() + (parts % interval.parts() == 0 ? 0 : 1);
  }

  /** Hands out a permit, where {@link #delay} was 0. */
  void take(long now) {
    earn(now);
    if (ready == burst) {
      since = now;
      part = 0;
    }
    ready--;
  }

  /** From now on; what has been handed out counts as so many permits, not as so much time. */
  void setPermits(double permits, long now) {
    earn(now);
    Interval next = Interval.of(permits);
    if (ready < burst) {
      // What a permit that comes in a day has earned so far is a part of one that comes at once.
      BigInteger earned =
          BigInteger.valueOf(now - since)
              .multiply(BigInteger.valueOf(interval.parts()))
              .subtract(BigInteger.valueOf(part))
              .multiply(next.allParts())
              .divide(interval.allParts());
      BigInteger[] time = earned.divideAndRemainder(BigInteger.valueOf(next.parts()));
      since = now - time[0].longValueExact();
      part = 0;
      long left = time[1].longValueExact();
      if (left > 0) {
        since--;
        part = next.parts() - left;
      }
    }
    this.permits = permits;
    this.interval = next;
  }

  /** From now on the time is another, in which it is a different time. */
  void move(long now, long other) {
    earn(now);
    since += other - now;
  }

  private void earn(long now) {
    long missing = burst - ready;
    long time = now - since;
    if (missing == 0 || time <= 0 || time < interval.nanos()) {
      return;
    }
    long about = interval.about(time);
    if (about > missing + 1) {
      ready = burst;
      return;
    }
    pass(about);
    long earned = about;
    while (!isOver(now)) {
      passBack();
      earned--;
    }
    while (isNextOver(now)) {
      pass(1);
      earned++;
    }
    ready += (int) Math.min(missing, earned);
  }

  /** So many intervals later; doubles, so that a burst takes no longer than a few. */
  private void pass(long intervals) {
    long parts = interval.parts();
    long nanos = interval.nanos();
    long rest = interval.rest();
    for (long left = intervals; left > 0; left >>= 1) {
      if ((left & 1) != 0) {
        since += nanos;
        part += rest;
        if (part >= parts) {
          part -= parts;
          since++;
        }
      }
      nanos <<= 1;
      rest <<= 1;
      if (rest >= parts) {
        rest -= parts;
        nanos++;
      }
    }
  }

  private void passBack() {
    since -= interval.nanos();
    part -= interval.rest();
    if (part < 0) {
      part += interval.parts();
      since--;
    }
  }

  private boolean isOver(long now) {
    return now - since >= (part == 0 ? 0 : 1);
  }

  private boolean isNextOver(long now) {
    long parts = part + interval.rest();
    long late = now - since - interval.nanos() - parts / interval.parts();
    return late >= (parts % interval.parts() == 0 ? 0 : 1);
  }
}

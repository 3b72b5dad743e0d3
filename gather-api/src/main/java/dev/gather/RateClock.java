package dev.gather;

/**
 * When the next permit may be handed out, so that they are evenly spaced, and up to a burst of them
 * may go at once after a pause. Time is an input, in nanoseconds as {@link System#nanoTime()} has
 * them; guarded by the lock of its limiter.
 *
 * <p>Every permit adds one interval to a debt, and time pays it off: the generic cell rate
 * algorithm. The next may go while the debt is less than a burst of intervals, so in any time
 * {@code t} no more than {@code burst + t / interval} permits are handed out. Whoever comes late
 * finds the debt paid, but no credit: what was not used is lost beyond the burst.
 */
final class RateClock {
  private static final double NANOS = 1e9;

  /** 73 years: as good as never, and a few of them can be added up. */
  private static final long FOREVER = Long.MAX_VALUE / 4;

  private final int burst;
  private double permits;
  private long interval;

  /** When the debt will be paid off; in the past if it is. */
  private long paidOff;

  RateClock(double permits, int burst, long now) {
    this.permits = permits;
    this.interval = interval(permits);
    this.burst = burst;
    this.paidOff = now;
  }

  double permits() {
    return permits;
  }

  int burst() {
    return burst;
  }

  /** How long it takes until the next permit may be handed out; 0 if it may be now. */
  long delay(long now) {
    return Math.max(0, debt(now) - atMost(FOREVER, (burst - 1.0) * interval));
  }

  /** Hands out a permit. */
  void take(long now) {
    paidOff = now + debt(now) + interval;
  }

  /** From now on; what has been handed out counts as so many permits, not as so much time. */
  void setPermits(double permits, long now) {
    long next = interval(permits);
    // One that waits a day for its turn must not wait for it when there are many in a second now.
    double owed = (double) debt(now) / interval;
    this.paidOff = now + atMost(2 * FOREVER, Math.rint(owed * next));
    this.permits = permits;
    this.interval = next;
  }

  private long debt(long now) {
    return Math.max(0, paidOff - now);
  }

  private static long interval(double permits) {
    return Math.max(1, atMost(FOREVER, Math.rint(NANOS / permits)));
  }

  private static long atMost(long most, double nanos) {
    return nanos < most ? (long) nanos : most;
  }
}

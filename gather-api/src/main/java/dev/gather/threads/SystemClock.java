package dev.gather.threads;

/** The time of the system, and on which threads it does not count. */
final class SystemClock implements Clock {
  static final Clock INSTANCE = new SystemClock();

  /** What the work on a thread has instead; none on most of them. */
  static final ThreadLocal<Clock> OTHER_HERE = new ThreadLocal<>();

  private SystemClock() {}

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public Runnable schedule(long delayNanos, Runnable action) {
    return Timer.schedule(delayNanos, DaemonThreads.EXECUTOR, action);
  }

  @Override
  public String toString() {
    return "the system's time";
  }
}

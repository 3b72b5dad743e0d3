package dev.gather.threads;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A time that passes, and what is to be done at some time in it. The system's, unless the work on a
 * thread brings another: a coroutine under test has the virtual time of its scheduler. Equal clocks
 * tell the same time. Whoever asks may hold a lock, so neither method throws, blocks or runs
 * anything of others.
 */
public interface Clock {
  /**
   * {@return what time it is, in nanoseconds since nobody knows when, as {@link System#nanoTime()}}
   */
  long nanos();

  /**
   * Runs an action later, on a thread where it may take its time.
   *
   * @param delayNanos from now; none if it is not positive
   * @param action what
   * @return takes the action back if it has not begun
   */
  Runnable schedule(long delayNanos, Runnable action);

  /** {@return the clock of the work on the current thread} */
  static Clock current() {
    Clock here = SystemClock.OTHER_HERE.get();
    return here == null ? SystemClock.INSTANCE : here;
  }

  /**
   * Calls a body on the current thread as work to which this is the time.
   *
   * @param body what to call
   * @param <T> the type of the value
   * @return what the body returns
   */
  default <T extends @Nullable Object> T call(Supplier<? extends T> body) {
    Clock before = SystemClock.OTHER_HERE.get();
    SystemClock.OTHER_HERE.set(this);
    try {
      return body.get();
    } finally {
      if (before == null) {
        SystemClock.OTHER_HERE.remove();
      } else {
        SystemClock.OTHER_HERE.set(before);
      }
    }
  }
}

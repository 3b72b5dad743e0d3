package dev.gather.future;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the end of what has been cancelled already, so that an interrupt has nothing to add.
 */
final class Termination {
  private Termination() {}

  /** Returns with the interrupt flag of the calling thread as it was, or as it became meanwhile. */
  static void await(Future<? extends @Nullable Object> terminated, @Nullable Duration atMost) {
    long deadline = atMost == null ? 0 : System.nanoTime() + nanos(atMost);
    boolean interrupted = false;
    while (true) {
      try {
        if (atMost == null) {
          terminated.get();
        } else {
          terminated.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (TimeoutException e) {
        break;
      } catch (ExecutionException e) {
        throw new AssertionError("termination never fails", e);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** No more than can be added to the time. */
  private static long nanos(Duration duration) {
    return Math.min(TimeUnit.NANOSECONDS.convert(duration), Long.MAX_VALUE / 2);
  }
}

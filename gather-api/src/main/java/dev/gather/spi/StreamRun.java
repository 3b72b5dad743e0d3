package dev.gather.spi;

import dev.gather.Completed;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One gather that hands out its results as they come, as the facade sees it. */
public interface StreamRun {
  /**
   * So many more results may be delivered. The first call starts the run. May deliver before it
   * returns, unless a delivery is going on already.
   *
   * @param n at least 1, anything else fails the run; {@link Long#MAX_VALUE} for all there will
   *     ever be
   */
  void request(long n);

  /**
   * Nobody wants the rest: what is running is cancelled, and nothing is delivered any more but
   * {@link StreamSink#terminated()}.
   */
  void cancel();

  /**
   * Ends the run before its time, as {@link #cancel()} does, and says why instead of all that has
   * not been delivered.
   *
   * @param reason what {@link StreamSink#failed} gets, unless the end has been told already
   */
  void abort(Throwable reason);

  /** What {@link StreamSink#next} has taken nobody gets after all; {@link #cancel()} follows. */
  void takeBack(Completed<?> completed);

  /**
   * Waits until the values that nobody has got by the time of {@link #cancel()} have been released,
   * where nothing was running any more.
   *
   * @param atMost for how long; null for as long as it takes
   */
  void awaitReleases(@Nullable Duration atMost);

  /** Whether a thread is running a body of this run, or reading its input. */
  boolean isOn(Thread thread);
}

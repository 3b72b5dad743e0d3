package dev.gather.samples.future;

import java.util.concurrent.CompletableFuture;

/**
 * What {@code asyncio.sleep} and {@code time.time} are to the Python originals. The programs take
 * it as an input, so that their tests move the time by hand instead of waiting.
 */
public interface SampleClock {
  /** The time in seconds, counted from some moment in the past. */
  double now();

  /** Blocks the calling thread, as {@link Thread#sleep} does; an interrupt ends it. */
  void sleep(double seconds) throws InterruptedException;

  /** Blocks nobody: a stage that completes when the time has passed. */
  CompletableFuture<Void> after(double seconds);

  /** Real time. What follows a stage of {@link #after} runs on one thread, as in Python. */
  static SampleClock real() {
    return new RealClock();
  }
}

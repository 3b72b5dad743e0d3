package dev.gather.spi;

import java.time.Duration;
import java.util.concurrent.Executor;

/** The engine, found through {@link java.util.ServiceLoader}. */
public interface GatherEngine {
  /**
   * Prepares a run; nothing happens before {@link GatherRun#start()}.
   *
   * @param plan what to run
   * @param sink where to deliver
   * @return the run
   */
  GatherRun prepare(Plan plan, GatherSink sink);

  /**
   * Prepares a run whose results are handed out one by one; nothing happens before the first {@link
   * StreamRun#request(long)}, or before {@link StreamRun#cancel()}.
   *
   * @param plan what to run
   * @param sink where to deliver
   * @return the run
   */
  StreamRun prepareStream(Plan plan, StreamSink sink);

  /**
   * Runs an action later, on an executor and never on the timer's own thread.
   *
   * @param delay from now
   * @param executor where
   * @param action what
   * @return takes it back, if it has not begun
   */
  Runnable schedule(Duration delay, Executor executor, Runnable action);
}

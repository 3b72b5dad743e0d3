package dev.gather.spi;

import dev.gather.Completed;

/**
 * Where the results of a {@link StreamRun} go, one at a time; after one of {@link #completed()} and
 * {@link #failed(Throwable)}, nothing but {@link #terminated()}.
 */
public interface StreamSink {
  /**
   * Whether what it is told of results is told to a user, and not kept for one who comes for it.
   */
  boolean callsUser();

  /**
   * A task has ended, or will never start.
   *
   * @return whether anybody has taken it
   */
  boolean next(Completed<?> completed);

  /** That was all. */
  void completed();

  /** There is no more: the input broke, or the JVM did. */
  void failed(Throwable failure);

  /** No task is running any more; comes before the end is told, wherever it can. */
  void terminated();
}

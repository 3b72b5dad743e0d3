package dev.gather.spi;

import dev.gather.Progress;

/** One gather that runs, as the facade sees it. */
public interface GatherRun {
  /** Starts everything; called once. May complete before it returns. */
  void start();

  /**
   * Decides that this gather is cancelled, unless its result has been decided; from then on nothing
   * is delivered but {@link GatherSink#terminated()}. Runs no user code.
   *
   * @return whether {@link #cancelTasks()} has to follow
   */
  boolean requestCancel();

  /**
   * Reaches every running task. Hooks, and dependents of cancelled stages, run on other threads
   * from here on.
   */
  void cancelTasks();

  /**
   * Waits for what {@link #cancelTasks} has called; only a moment, since that may take its time.
   */
  void awaitHooks();

  /** How far it is. */
  Progress progress();

  /** Whether every task has ended. */
  boolean isTerminated();

  /** Whether a thread is running a body of this gather, or reading its input. */
  boolean isOn(Thread thread);
}

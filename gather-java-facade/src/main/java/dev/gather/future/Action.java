package dev.gather.future;

/**
 * Something to do that gives no value: a blocking piece of work, called on a thread of the executor
 * and interrupted when its task is cancelled.
 */
@FunctionalInterface
public interface Action {
  /**
   * Does the work.
   *
   * @throws Exception anything; it becomes the failure of this action's task, the same instance
   */
  void call() throws Exception;
}

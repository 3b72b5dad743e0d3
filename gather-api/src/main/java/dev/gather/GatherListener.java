package dev.gather;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Hears what the tasks of a gather do: for logs, metrics and progress bars.
 *
 * <p>The events of one task come in order, {@link #onStart} (if its body was called) before {@link
 * #onEnd}; events of different tasks may come at the same time from different threads, so a
 * listener must be thread-safe. A task that never started has only {@link #onEnd}. Every task has
 * exactly one {@link #onEnd}, so counting them reaches the total.
 *
 * <p>Events are delivered on the thread that ran or ended the task, and the task's slot is held
 * until the method returns: keep it short. An exception thrown by a listener is dropped; it never
 * changes an outcome.
 *
 * <p>A listener may ask the {@link Limiter} of its own gather. So that it need not wait for tasks
 * that wait for its thread, that may borrow the permit which the gather was granted last, or its
 * place in the queue, and so run beside the task that has it.
 */
public interface GatherListener {

  /**
   * A task's body is about to be called.
   *
   * @param index the task's position in the input, from 0
   * @param taskName the name the task was given, else its key if it has one
   */
  default void onStart(int index, @Nullable String taskName) {}

  /**
   * A task has ended, or will never start.
   *
   * @param index the task's position in the input, from 0
   * @param taskName the name the task was given, else its key if it has one
   * @param outcome how it ended
   * @param elapsed wall time since its body was called; zero if it was never called, or was called
   *     for another place of the input where the same task stands
   */
  default void onEnd(int index, @Nullable String taskName, Outcome<?> outcome, Duration elapsed) {}

  /**
   * An exception that no outcome carries: thrown by a task while it was being cancelled, thrown by
   * an {@code onCancel} hook, or the failure of a task that {@link FailurePolicy#LEAVE_OTHERS} left
   * running; or what the input threw when the gather had already failed.
   *
   * @param index the task's position in the input, from 0; -1 if it was the input itself
   * @param taskName the name the task was given, else its key if it has one
   * @param error what was thrown
   */
  default void onDroppedError(int index, @Nullable String taskName, Throwable error) {}
}

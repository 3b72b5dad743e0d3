package dev.gather;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A gather failed, mostly because one of its tasks did. The cause is that task's own exception, the
 * same instance, and {@link #outcomes()} tells how every other task ended. In Java, where {@code
 * join()} throws this for whatever fails a gather, the cause is a {@link GatherTimeoutException} at
 * the deadline.
 *
 * <p>It is a {@link CompletionException} on purpose: {@code join()} throws it as it is, {@code
 * get()} gives an {@link java.util.concurrent.ExecutionException} whose cause is the task's own
 * exception, and frameworks that unwrap a {@code CompletionException} unwrap this one.
 */
public final class GatherException extends CompletionException {
  private static final long serialVersionUID = 1L;

  /** The position of the task that failed first. */
  private final int index;

  /** The name of that task. */
  private final @Nullable String taskName;

  private final transient @Nullable List<Outcome<?>> outcomes;

  /**
   * For the doors of Gather and for tests of code that handles it.
   *
   * @param message what failed, for people
   * @param cause the exception of the first task that failed
   * @param index that task's position in the input; -1 if it was no task
   * @param taskName the name that task was given, if any
   * @param outcomes how every task ended, in input order
   */
  public GatherException(
      String message,
      Throwable cause,
      int index,
      @Nullable String taskName,
      List<? extends Outcome<?>> outcomes) {
    super(
        Objects.requireNonNull(message, "message must not be null"),
        Objects.requireNonNull(cause, "cause must not be null"));
    this.index = index;
    this.taskName = taskName;
    this.outcomes =
        Collections.unmodifiableList(Objects.requireNonNull(outcomes, "outcomes must not be null"));
  }

  /**
   * {@return the position in the input, from 0, of the task that failed first; -1 if it was no
   * task: the input itself threw, the deadline passed, or the results could not be combined}
   */
  public int index() {
    return index;
  }

  /** {@return the name that task was given, else its key if it has one} */
  public @Nullable String taskName() {
    return taskName;
  }

  /**
   * How every task ended, in input order; the list is unmodifiable. With {@link
   * FailurePolicy#LEAVE_OTHERS} it shows the moment of the failure: tasks left running stand as
   * {@link Outcome.Cancelled} with {@link CancelReason#OTHER_FAILED}. Outcomes are not serialized:
   * after deserialization the list is empty.
   *
   * @return the outcomes
   */
  public List<Outcome<?>> outcomes() {
    return outcomes == null ? List.of() : outcomes;
  }
}

package dev.gather;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The deadline of a whole gather passed before all of its tasks had ended. What had been finished
 * by then is not lost: {@link #outcomes()} has it. The message names the tasks that were running. A
 * Kotlin call throws it as it is; in Java it is the cause of the {@link GatherException} from
 * {@code join()}, and of the {@code ExecutionException} from {@code get()}.
 */
public final class GatherTimeoutException extends TimeoutException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable List<Outcome<?>> outcomes;

  /**
   * For the doors of Gather and for tests of code that handles it.
   *
   * @param message what ran out of time, for people
   * @param outcomes how every task ended, in input order
   */
  public GatherTimeoutException(String message, List<? extends Outcome<?>> outcomes) {
    super(Objects.requireNonNull(message, "message must not be null"));
    this.outcomes =
        Collections.unmodifiableList(Objects.requireNonNull(outcomes, "outcomes must not be null"));
  }

  /**
   * How every task ended, in input order: those that had finished as they are, the others as {@link
   * Outcome.Cancelled} with {@link CancelReason#TIMEOUT}. The list is unmodifiable. Outcomes are
   * not serialized: after deserialization the list is empty.
   *
   * @return the outcomes
   */
  public List<Outcome<?>> outcomes() {
    return outcomes == null ? List.of() : outcomes;
  }
}

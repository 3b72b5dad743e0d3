package dev.gather;

/** Why a task ended as {@link Outcome.Cancelled}. */
public enum CancelReason {
  /**
   * The task cancelled itself: it threw a {@link java.util.concurrent.CancellationException}, or
   * the stage or {@code Deferred} it stands for was cancelled by somebody else.
   */
  TASK,

  /** Another task failed first, and the policy is {@link FailurePolicy#CANCEL_OTHERS}. */
  OTHER_FAILED,

  /**
   * As many others have succeeded as were asked for: the gather is one for the first that count.
   */
  ENOUGH,

  /** The deadline of the whole gather passed. */
  TIMEOUT,

  /** The gather itself was cancelled. */
  GATHER,

  /**
   * The task had a value, which nobody gets since the gather has failed: it was given to the {@code
   * release} hook. Stands in the outcomes that an exception holds, and nowhere else.
   */
  RELEASED
}

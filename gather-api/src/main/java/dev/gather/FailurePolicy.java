package dev.gather;

/**
 * What the first failure of a task means for the other tasks of its gather. Only calls that fail
 * with a task ({@code all}, {@code combine}, {@code gather}) ask for it; {@code settled} always
 * lets every task run to its end.
 */
public enum FailurePolicy {
  /**
   * The default. The others are cancelled, tasks not yet started never start, and the gather fails
   * after all of them have ended: nothing is running any more when the failure is there.
   */
  CANCEL_OTHERS,

  /**
   * The others run to their end, those not yet started too; then the gather fails with the first
   * failure.
   */
  AWAIT_OTHERS,

  /**
   * The gather fails at once; tasks that have started run on, tasks that have not never start. This
   * is what CPython's {@code asyncio.gather} does. What goes on running is owned by a scope: the
   * {@code GatherScope} in Java, the {@code CoroutineScope} given to the call in Kotlin. Failures
   * that come later reach the {@link GatherListener} and nothing else.
   */
  LEAVE_OTHERS
}

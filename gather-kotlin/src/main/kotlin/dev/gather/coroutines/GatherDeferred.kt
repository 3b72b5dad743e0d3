package dev.gather.coroutines

import dev.gather.FailurePolicy
import dev.gather.GatherListener
import dev.gather.Outcome
import dev.gather.coroutines.internal.door.Call
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlin.time.Duration

/**
 * Awaits work that is running already and returns its values in the order of the deferreds.
 *
 * Unlike `awaitAll` it throws the exceptions themselves and not copies of them, tells a cancelled [Deferred] from a
 * cancelled caller, and cancels the others when one fails. The same deferred may stand there several times. If all are
 * completed already the call does not suspend; among several that had failed before, the first in order wins.
 *
 * **Failure:** the first task that fails, in time, fails the call with its own exception, the same instance; the
 * other failures are [suppressed][Throwable.addSuppressed] in it. By default the other tasks are cancelled first and
 * have ended when the call throws; see [FailurePolicy]. A task that is cancelled on its own fails the call with a
 * [GatherException][dev.gather.GatherException], so that it cannot be taken for a cancellation of the caller. At the
 * deadline the call throws a [GatherTimeoutException][dev.gather.GatherTimeoutException] that holds every outcome so
 * far.
 *
 * **Cancellation:** cancelling the caller cancels every deferred that is still running, and the call throws a
 * [CancellationException][kotlin.coroutines.cancellation.CancellationException] after all of them have ended.
 *
 * **End:** when the call returns or throws, none of the deferreds is running any more; only
 * [FailurePolicy.LEAVE_OTHERS] is excepted.
 *
 * @param timeout the deadline of the whole gather, counted from the call; not negative, `null` for none
 * @param onFailure what the first failure means for the others
 * @param scope the owner of the waiting that [FailurePolicy.LEAVE_OTHERS] leaves behind; required by that policy
 * @param name what the gather is called in messages
 * @param listener who hears what the tasks do
 * @return the values, in the order of the deferreds; unmodifiable, may hold `null`
 * @throws IllegalArgumentException if an option is out of its range; nothing has been cancelled
 * @throws IllegalStateException if one of the deferreds is the calling coroutine itself, or one around it
 */
public suspend fun <T> Iterable<Deferred<T>>.gather(
    timeout: Duration? = null,
    onFailure: FailurePolicy = FailurePolicy.CANCEL_OTHERS,
    scope: CoroutineScope? = null,
    name: String? = null,
    listener: GatherListener? = null,
): List<T> =
    Call(timeout = timeout, onFailure = onFailure, scope = scope, name = name, listener = listener)
        .values(toList())

/**
 * Awaits work that is running already, to its end, and returns how each ended, in the order of the deferreds.
 *
 * **Failure:** a task's failure never fails the call: each slot is a [Success][Outcome.Success], a
 * [Failure][Outcome.Failure] with the task's own exception, or [Cancelled][Outcome.Cancelled]. At the deadline the
 * call *returns*: what was finished as it is, the rest as cancelled.
 *
 * **Cancellation:** cancelling the caller cancels every deferred that is still running, and the call throws a
 * [CancellationException][kotlin.coroutines.cancellation.CancellationException] after all of them have ended.
 *
 * @param timeout the deadline of the whole gather, counted from the call; not negative, `null` for none
 * @param name what the gather is called in messages
 * @param listener who hears what the tasks do
 * @return the outcomes, in the order of the deferreds; unmodifiable
 * @throws IllegalArgumentException if an option is out of its range; nothing has been cancelled
 * @throws IllegalStateException if one of the deferreds is the calling coroutine itself, or one around it
 */
public suspend fun <T> Iterable<Deferred<T>>.gatherSettled(
    timeout: Duration? = null,
    name: String? = null,
    listener: GatherListener? = null,
): List<Outcome<T>> =
    Call(timeout = timeout, name = name, listener = listener).outcomes(toList())

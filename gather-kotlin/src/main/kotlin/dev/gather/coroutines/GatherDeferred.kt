package dev.gather.coroutines

import dev.gather.FailurePolicy
import dev.gather.GatherOptions
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
 * **Failure, cancellation and end:** as for [gather] of tasks; what is cancelled, and has ended when the call returns
 * or throws, is the deferreds.
 *
 * **Options:** as for [gather] of tasks; but what is running already is bounded by no limit, limiter or stagger, and a
 * `taskTimeout` is counted from the call.
 *
 * @param timeout the deadline of the whole gather, counted from the call; not negative
 * @param onFailure what the first failure means for the others
 * @param scope the owner of the waiting that [FailurePolicy.LEAVE_OTHERS] leaves behind; required by that policy
 * @param options all options that are not given by name
 * @return the values, in the order of the deferreds; unmodifiable, may hold `null`
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here; nothing has been cancelled
 * @throws IllegalStateException if one of the deferreds is the calling coroutine itself, or one around it
 */
@JvmSynthetic
public suspend fun <T> Iterable<Deferred<T>>.gather(
    timeout: Duration? = null,
    onFailure: FailurePolicy? = null,
    scope: CoroutineScope? = null,
    release: ((T) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
): List<T> = Call(options, timeout = timeout, onFailure = onFailure, scope = scope, release = release).values(toList())

/**
 * Awaits work that is running already, to its end, and returns how each ended, in the order of the deferreds.
 *
 * **Failure:** that of a task never fails the call, see [gatherSettled] of tasks.
 *
 * **Cancellation, end and options:** as for [gather] of deferreds.
 *
 * @param timeout the deadline of the whole gather, counted from the call; not negative
 * @param options all options that are not given by name
 * @return the outcomes, in the order of the deferreds; unmodifiable
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here; nothing has been cancelled
 * @throws IllegalStateException if one of the deferreds is the calling coroutine itself, or one around it
 */
@JvmSynthetic
public suspend fun <T> Iterable<Deferred<T>>.gatherSettled(
    timeout: Duration? = null,
    release: ((T) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
): List<Outcome<T>> = Call(options, timeout = timeout, release = release).outcomes(toList())

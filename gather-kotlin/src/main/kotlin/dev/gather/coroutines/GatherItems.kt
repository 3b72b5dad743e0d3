package dev.gather.coroutines

import dev.gather.FailurePolicy
import dev.gather.GatherOptions
import dev.gather.Limiter
import dev.gather.Outcome
import dev.gather.coroutines.internal.door.Call
import dev.gather.coroutines.internal.door.asItems
import kotlinx.coroutines.CoroutineScope
import kotlin.time.Duration

/**
 * Calls [body] for each item of this sequence concurrently and returns the values in the order of the items.
 *
 * They are read by one thread at a time; with a [limit] as places free up, never more than the limit ahead of what has
 * ended, so the sequence may be larger than memory, or without end for a caller who cancels. It is iterated once. A
 * sequence that throws fails the call with that exception, after the tasks that had started have been cancelled and
 * have ended.
 *
 * ```
 * val sums = lines.asSequence().filter { it.isNotBlank() }.gather(limit = 16) { checksum(it) }
 * ```
 *
 * **Failure, cancellation, threads, end and options:** as for [gather] of tasks.
 *
 * @param body what to do with one item
 * @return the values, in the order of the items; unmodifiable, may hold `null`
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here; nothing has been started
 */
@JvmSynthetic
public suspend fun <A, T> Sequence<A>.gather(
    limit: Int? = null,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    onFailure: FailurePolicy? = null,
    scope: CoroutineScope? = null,
    limiter: Limiter? = null,
    release: ((T) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
    body: suspend (A) -> T,
): List<T> = Call(options, limit, timeout, taskTimeout, onFailure, scope, limiter, release).values(asItems(this), body)

/**
 * Calls [body] for each item of this sequence concurrently, lets every call run to its end, and returns how each ended,
 * in the order of the items. It is read as [gather] reads it; a sequence that throws fails the call.
 *
 * **Failure:** that of a task never fails the call, see [gatherSettled] of tasks.
 *
 * **Cancellation, threads, end and options:** as for [gather] of tasks.
 *
 * @param body what to do with one item
 * @return the outcomes, in the order of the items; unmodifiable
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here; nothing has been started
 */
@JvmSynthetic
public suspend fun <A, T> Sequence<A>.gatherSettled(
    limit: Int? = null,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    limiter: Limiter? = null,
    release: ((T) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
    body: suspend (A) -> T,
): List<Outcome<T>> = Call(
    options,
    limit,
    timeout,
    taskTimeout,
    limiter = limiter,
    release = release,
).outcomes(asItems(this), body)

/**
 * Calls [body] for each item of this array concurrently and returns the values in the order of the items.
 *
 * The array is copied by the call: what changes it afterwards does not change the gather.
 *
 * ```
 * val pages = arguments.gather(limit = 16) { fetch(it) }
 * ```
 *
 * **Failure, cancellation, threads, end and options:** as for [gather] of tasks.
 *
 * @param body what to do with one item
 * @return the values, in the order of the items; unmodifiable, may hold `null`
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here; nothing has been started
 */
@JvmSynthetic
public suspend fun <A, T> Array<out A>.gather(
    limit: Int? = null,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    onFailure: FailurePolicy? = null,
    scope: CoroutineScope? = null,
    limiter: Limiter? = null,
    release: ((T) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
    body: suspend (A) -> T,
): List<T> = Call(options, limit, timeout, taskTimeout, onFailure, scope, limiter, release).values(asItems(this), body)

/**
 * Calls [body] for each item of this array concurrently, lets every call run to its end, and returns how each ended,
 * in the order of the items. The array is copied by the call.
 *
 * **Failure:** that of a task never fails the call, see [gatherSettled] of tasks.
 *
 * **Cancellation, threads, end and options:** as for [gather] of tasks.
 *
 * @param body what to do with one item
 * @return the outcomes, in the order of the items; unmodifiable
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here; nothing has been started
 */
@JvmSynthetic
public suspend fun <A, T> Array<out A>.gatherSettled(
    limit: Int? = null,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    limiter: Limiter? = null,
    release: ((T) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
    body: suspend (A) -> T,
): List<Outcome<T>> = Call(
    options,
    limit,
    timeout,
    taskTimeout,
    limiter = limiter,
    release = release,
).outcomes(asItems(this), body)

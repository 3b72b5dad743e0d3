package dev.gather.coroutines

import dev.gather.FailurePolicy
import dev.gather.GatherOptions
import dev.gather.Limiter
import dev.gather.Outcome
import dev.gather.coroutines.internal.door.Call
import kotlinx.coroutines.CoroutineScope
import kotlin.time.Duration

/**
 * Runs the tasks of this map concurrently and returns their values under the same keys, in the order of this map.
 *
 * The map that is returned is unmodifiable, finds keys by `equals` and may hold `null`, as a value and, if this map
 * does, as a key; it is empty if there are no tasks. This map is copied by the call. A lambda under two keys runs twice.
 *
 * ```
 * val prices: Map<Sku, Price> = skus.associateWith { suspend { shop.price(it) } }.gather(limit = 16)
 * ```
 *
 * **Names:** each task is called what its key is as a string, in messages, in exceptions and for a listener.
 *
 * **Failure, cancellation, threads, end and options:** as for [gather] of tasks.
 *
 * @return the values, each under the key of its task, in the order of this map
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here, or two keys are equal;
 *   nothing has been started
 */
@JvmSynthetic
public suspend fun <K, T> Map<K, suspend () -> T>.gather(
    limit: Int? = null,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    onFailure: FailurePolicy? = null,
    scope: CoroutineScope? = null,
    limiter: Limiter? = null,
    release: ((T) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
): Map<K, T> = Call(options, limit, timeout, taskTimeout, onFailure, scope, limiter, release).values(this)

/**
 * Runs the tasks of this map concurrently, lets every one run to its end, and returns how each ended under the same
 * keys, in the order of this map. The map that is returned is unmodifiable and finds keys by `equals`.
 *
 * **Failure:** that of a task never fails the call, see [gatherSettled] of tasks. **Names:** as for [gather] of a map.
 *
 * **Cancellation, threads, end and options:** as for [gather] of tasks.
 *
 * @return the outcomes, each under the key of its task, in the order of this map
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here, or two keys are equal;
 *   nothing has been started
 */
@JvmSynthetic
public suspend fun <K, T> Map<K, suspend () -> T>.gatherSettled(
    limit: Int? = null,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    limiter: Limiter? = null,
    release: ((T) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
): Map<K, Outcome<T>> = Call(options, limit, timeout, taskTimeout, limiter = limiter, release = release).outcomes(this)

/**
 * Calls [body] for each entry of this map concurrently and returns the values under the same keys, in the order of this
 * map.
 *
 * The map that is returned is as that of [gather] of a map of tasks. This map is copied by the call, and the entries
 * that bodies get are copies, too.
 *
 * ```
 * val prices: Map<Sku, Price> = amounts.gather(limit = 16) { (sku, amount) -> shop.price(sku, amount) }
 * ```
 *
 * **Names:** as for [gather] of a map of tasks.
 *
 * **Failure, cancellation, threads, end and options:** as for [gather] of tasks.
 *
 * @param body what to do with one entry
 * @return the values, each under the key of its entry, in the order of this map
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here, or two keys are equal;
 *   nothing has been started
 */
@JvmSynthetic
public suspend fun <K, V, T> Map<K, V>.gather(
    limit: Int? = null,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    onFailure: FailurePolicy? = null,
    scope: CoroutineScope? = null,
    limiter: Limiter? = null,
    release: ((T) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
    body: suspend (Map.Entry<K, V>) -> T,
): Map<K, T> = Call(options, limit, timeout, taskTimeout, onFailure, scope, limiter, release).values(this, body)

/**
 * Calls [body] for each entry of this map concurrently, lets every call run to its end, and returns how each ended under
 * the same keys, in the order of this map. Both maps are as for [gather] of entries.
 *
 * **Failure:** that of a task never fails the call, see [gatherSettled] of tasks. **Names:** as for [gather] of a map.
 *
 * **Cancellation, threads, end and options:** as for [gather] of tasks.
 *
 * @param body what to do with one entry
 * @return the outcomes, each under the key of its entry, in the order of this map
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here, or two keys are equal;
 *   nothing has been started
 */
@JvmSynthetic
public suspend fun <K, V, T> Map<K, V>.gatherSettled(
    limit: Int? = null,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    limiter: Limiter? = null,
    release: ((T) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
    body: suspend (Map.Entry<K, V>) -> T,
): Map<K, Outcome<T>> = Call(
    options,
    limit,
    timeout,
    taskTimeout,
    limiter = limiter,
    release = release,
).outcomes(this, body)

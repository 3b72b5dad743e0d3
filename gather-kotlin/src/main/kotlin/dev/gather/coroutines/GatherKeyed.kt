package dev.gather.coroutines

import dev.gather.FailurePolicy
import dev.gather.GatherListener
import dev.gather.Limiter
import dev.gather.Outcome
import dev.gather.coroutines.internal.door.Call
import kotlinx.coroutines.CoroutineScope
import kotlin.time.Duration

/**
 * Runs the tasks of this map concurrently and returns their values under the same keys, in the order of this map.
 *
 * All of them run at the same time unless [limit] says otherwise. The map that is returned is unmodifiable, finds keys
 * by `equals` and may hold `null`, as a value and, if this map does, as a key; it is empty if there are no tasks. This
 * map is copied by the call. A lambda under two keys runs twice.
 *
 * **Names:** each task is called what its key is as a string, in messages, in exceptions and for the [listener].
 *
 * **Failure:** the first task that fails, in time, fails the call with its own exception, the same instance; the
 * other failures are [suppressed][Throwable.addSuppressed] in it. By default the other tasks are cancelled first and
 * have ended when the call throws; see [FailurePolicy]. A task that is cancelled on its own fails the call with a
 * [GatherException][dev.gather.GatherException], so that it cannot be taken for a cancellation of the caller; its
 * `taskName()` is the key. At the deadline the call throws a
 * [GatherTimeoutException][dev.gather.GatherTimeoutException] that holds every outcome so far, in the order of this map.
 *
 * **Cancellation:** cancelling the caller cancels every task that is still running, tasks not yet started never
 * start, and the call throws a [CancellationException][kotlin.coroutines.cancellation.CancellationException] after
 * all of them have ended; a gather that was cancelled never yields a map.
 *
 * **Threads:** bodies run in the caller's coroutine context, on its dispatcher; the first of them start on the
 * calling thread. The [Job][kotlinx.coroutines.Job] in their context is that of the gather.
 *
 * **End:** when the call returns or throws, none of its tasks is running any more; only
 * [FailurePolicy.LEAVE_OTHERS] is excepted.
 *
 * ```
 * val prices: Map<Sku, Price> = skus.associateWith { suspend { shop.price(it) } }.gather(limit = 16)
 * ```
 *
 * @param limit how many tasks may run at the same time; at least 1
 * @param timeout the deadline of the whole gather, counted from the call; not negative, `null` for none
 * @param taskTimeout how long each task may run, counted from its own start; it is cancelled alone, and its failure
 *   is a [TimeoutException][java.util.concurrent.TimeoutException] that names the key; not negative, `null` for no bound
 * @param onFailure what the first failure means for the other tasks
 * @param scope the owner of what [FailurePolicy.LEAVE_OTHERS] leaves running; required by that policy and used by no
 *   other
 * @param limiter grants a permit for each task, besides the [limit]; held from its start to its end
 * @param name what the gather is called in messages
 * @param listener who hears what the tasks do
 * @return the values, each under the key of its task, in the order of this map
 * @throws IllegalArgumentException if an option is out of its range or two keys are equal; nothing has been started
 */
public suspend fun <K, T> Map<K, suspend () -> T>.gather(
    limit: Int = UNLIMITED,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    onFailure: FailurePolicy = FailurePolicy.CANCEL_OTHERS,
    scope: CoroutineScope? = null,
    limiter: Limiter? = null,
    name: String? = null,
    listener: GatherListener? = null,
): Map<K, T> = Call(limit, timeout, taskTimeout, onFailure, scope, name, listener, limiter = limiter).values(this)

/**
 * Runs the tasks of this map concurrently, lets every one run to its end, and returns how each ended under the same
 * keys, in the order of this map.
 *
 * All of them run at the same time unless [limit] says otherwise. The map that is returned is unmodifiable and finds
 * keys by `equals`; it is empty if there are no tasks. This map is copied by the call. A lambda under two keys runs
 * twice.
 *
 * **Names:** each task is called what its key is as a string, in messages, in exceptions and for the [listener].
 *
 * **Failure:** a task's failure never fails the call: each key has a [Success][Outcome.Success], a
 * [Failure][Outcome.Failure] with the task's own exception, or [Cancelled][Outcome.Cancelled]. At the deadline the
 * call *returns*: what was finished as it is, the rest as cancelled.
 *
 * **Cancellation:** cancelling the caller cancels every task that is still running, tasks not yet started never
 * start, and the call throws a [CancellationException][kotlin.coroutines.cancellation.CancellationException] after
 * all of them have ended; a gather that was cancelled never yields a map.
 *
 * **Threads:** bodies run in the caller's coroutine context, on its dispatcher; the first of them start on the
 * calling thread. The [Job][kotlinx.coroutines.Job] in their context is that of the gather.
 *
 * **End:** when the call returns or throws, none of its tasks is running any more.
 *
 * @param limit how many tasks may run at the same time; at least 1
 * @param timeout the deadline of the whole gather, counted from the call; not negative, `null` for none
 * @param taskTimeout how long each task may run, counted from its own start; it is cancelled alone, and its failure
 *   is a [TimeoutException][java.util.concurrent.TimeoutException] that names the key; not negative, `null` for no bound
 * @param limiter grants a permit for each task, besides the [limit]; held from its start to its end
 * @param name what the gather is called in messages
 * @param listener who hears what the tasks do
 * @return the outcomes, each under the key of its task, in the order of this map
 * @throws IllegalArgumentException if an option is out of its range or two keys are equal; nothing has been started
 */
public suspend fun <K, T> Map<K, suspend () -> T>.gatherSettled(
    limit: Int = UNLIMITED,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    limiter: Limiter? = null,
    name: String? = null,
    listener: GatherListener? = null,
): Map<K, Outcome<T>> = Call(
    limit,
    timeout,
    taskTimeout,
    name = name,
    listener = listener,
    limiter = limiter,
).outcomes(this)

package dev.gather.coroutines

import dev.gather.FailurePolicy
import dev.gather.GatherOptions
import dev.gather.Limiter
import dev.gather.Outcome
import dev.gather.coroutines.internal.door.Call
import kotlinx.coroutines.CoroutineScope
import kotlin.time.Duration

/**
 * Runs [tasks] concurrently and returns their values in the order of the arguments.
 *
 * All of them run at the same time unless [limit] says otherwise. The list is unmodifiable and may hold `null`; it is
 * empty if there are no tasks. A lambda given twice runs twice.
 *
 * ```
 * val (user, orders) = gather({ users.find(id) }, { orders.byUser(id) })
 * ```
 *
 * All other functions of this package say where they differ from this.
 *
 * **Failure:** the first task that fails, in time, fails the call with its own exception, the same instance; the
 * other failures are [suppressed][Throwable.addSuppressed] in it. By default the other tasks are cancelled first and
 * have ended when the call throws; see [FailurePolicy]. A task that is cancelled on its own fails the call with a
 * [GatherException][dev.gather.GatherException], so that it cannot be taken for a cancellation of the caller. At the
 * deadline the call throws a [GatherTimeoutException][dev.gather.GatherTimeoutException] that holds every outcome so
 * far.
 *
 * **Cancellation:** cancelling the caller cancels every task that is still running, tasks not yet started never
 * start, and the call throws a [CancellationException][kotlin.coroutines.cancellation.CancellationException] after
 * all of them have ended; a gather that was cancelled never yields a result.
 *
 * **Threads:** bodies run in the caller's coroutine context, on its dispatcher; the first of them start on the
 * calling thread. Each runs in a coroutine of its own, a child of the gather's. One that returns a `Deferred`, or a
 * future, has failed: it is to `await()` that.
 *
 * **End:** when the call returns or throws, none of its tasks is running any more; only
 * [FailurePolicy.LEAVE_OTHERS] is excepted.
 *
 * **Options:** the most common have a parameter of their own; all of them, also [name][GatherOptions.name] and
 * [listener][GatherOptions.listener], may stand in [options], see [gatherOptions]. A parameter that is not `null` goes
 * before what stands there. Threads are those of the caller and a call returns when its tasks have ended, so options
 * with an executor or a grace are refused.
 *
 * @param tasks what to run
 * @param limit how many tasks may run at the same time; at least 1
 * @param timeout the deadline of the whole gather, counted from the call; not negative
 * @param taskTimeout how long each task may run, counted from its own start; it is cancelled alone, and its failure
 *   is a [TimeoutException][java.util.concurrent.TimeoutException]; not negative
 * @param onFailure what the first failure means for the other tasks
 * @param scope the owner of what [FailurePolicy.LEAVE_OTHERS] leaves running; required by that policy and used by no
 *   other
 * @param limiter grants a permit for each task, besides the [limit]; held from its start to its end
 * @param release what becomes of values that nobody gets: those of a call that throws, also where they come after its
 *   cancel or deadline, and those beside the first that count. It is called once for each that is not `null`, in the
 *   caller's coroutine or on the thread on which the value came, before the call ends; what it throws goes to the
 *   listener and is suppressed in what the call throws. The outcomes that an exception holds have
 *   [RELEASED][dev.gather.CancelReason.RELEASED] in place of such values
 * @param options all options that are not given by name
 * @return the values, in the order of [tasks]
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here; nothing has been started
 */
@JvmSynthetic
public suspend fun <T> gather(
    vararg tasks: suspend () -> T,
    limit: Int? = null,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    onFailure: FailurePolicy? = null,
    scope: CoroutineScope? = null,
    limiter: Limiter? = null,
    release: ((T) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
): List<T> = Call(options, limit, timeout, taskTimeout, onFailure, scope, limiter, release).values(tasks)

/**
 * Runs [tasks] concurrently, lets every one run to its end, and returns how each ended, in the order of the
 * arguments.
 *
 * **Failure:** a task's failure never fails the call: each slot is a [Success][Outcome.Success], a
 * [Failure][Outcome.Failure] with the task's own exception, or [Cancelled][Outcome.Cancelled]. At the deadline the
 * call *returns*: what was finished as it is, the rest as cancelled.
 *
 * **Cancellation, threads, end and options:** as for [gather].
 *
 * @param tasks what to run
 * @return the outcomes, in the order of [tasks]; unmodifiable
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here; nothing has been started
 */
@JvmSynthetic
public suspend fun <T> gatherSettled(
    vararg tasks: suspend () -> T,
    limit: Int? = null,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    limiter: Limiter? = null,
    release: ((T) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
): List<Outcome<T>> = Call(options, limit, timeout, taskTimeout, limiter = limiter, release = release).outcomes(tasks)

/**
 * Calls [body] for each item concurrently and returns the values in the order of the items.
 *
 * The items of a collection are read at the call, all at once: what changes it afterwards does not change the gather.
 * Those of any other `Iterable` are read by one thread at a time; with a [limit] as places free up, never more than the
 * limit ahead of what has ended, so the input may be larger than memory. An iterator that throws fails the call with
 * that exception, after the tasks that had started have been cancelled and have ended.
 *
 * ```
 * val pages = urls.gather(limit = 16, timeout = 5.seconds) { fetch(it) }
 * ```
 *
 * **Failure, cancellation, threads, end and options:** as for [gather] of tasks.
 *
 * @param body what to do with one item
 * @return the values, in the order of the items; unmodifiable, may hold `null`
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here; nothing has been started
 */
@JvmSynthetic
public suspend fun <A, T> Iterable<A>.gather(
    limit: Int? = null,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    onFailure: FailurePolicy? = null,
    scope: CoroutineScope? = null,
    limiter: Limiter? = null,
    release: ((T) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
    body: suspend (A) -> T,
): List<T> = Call(options, limit, timeout, taskTimeout, onFailure, scope, limiter, release).values(this, body)

/**
 * Calls [body] for each item concurrently, lets every call run to its end, and returns how each ended, in the order
 * of the items. They are read as [gather] reads them; an iterator that throws fails the call.
 *
 * **Failure:** that of a task never fails the call, see [gatherSettled] of tasks.
 *
 * **Cancellation, threads, end and options:** as for [gather].
 *
 * @param body what to do with one item
 * @return the outcomes, in the order of the items; unmodifiable
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here; nothing has been started
 */
@JvmSynthetic
public suspend fun <A, T> Iterable<A>.gatherSettled(
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
).outcomes(this, body)

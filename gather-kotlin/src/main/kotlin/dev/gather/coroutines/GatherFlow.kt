package dev.gather.coroutines

import dev.gather.Completed
import dev.gather.GatherOptions
import dev.gather.Limiter
import dev.gather.coroutines.internal.door.Call
import kotlinx.coroutines.flow.Flow
import kotlin.time.Duration

/**
 * Calls [body] for each item concurrently and gives the results as they come, each as soon as its task has ended.
 *
 * **Collection:** the flow is cold, each collection is a run of its own. Results are emitted in the collector's context,
 * one at a time. With a [limit] never more tasks are running, or have ended and wait for the collector, than that.
 * The items of a collection are read when the flow is collected; those of any other `Iterable` as places free up, so that
 * the input may be without end.
 *
 * ```
 * urls.gatherAsCompleted(limit = 16) { fetch(it) }.collect { println("${it.index}: ${it.outcome}") }
 * ```
 *
 * **Failure:** a task's failure is a result like any other. An iterator that throws fails the flow with that exception,
 * after the results that are there. At the deadline, which is counted from the start of the collection, what has not
 * ended comes as cancelled, and then the end.
 *
 * **Cancellation:** when the collector is cancelled, fails or has enough (`take(3)`), every task that is still running
 * is cancelled and tasks not yet started never start; the collection is over after all of them have ended.
 *
 * **Threads:** bodies run in the collector's coroutine context, on its dispatcher, each in a coroutine of its own.
 *
 * **Options:** as for [gather].
 *
 * @param body what to do with one item
 * @return the results, as [Completed]
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here
 */
@JvmSynthetic
public fun <A, T> Iterable<A>.gatherAsCompleted(
    limit: Int? = null,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    limiter: Limiter? = null,
    release: ((T) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
    body: suspend (A) -> T,
): Flow<Completed<T>> = Call(
    options,
    limit,
    timeout,
    taskTimeout,
    limiter = limiter,
    release = release,
).completions(this, body)

/**
 * Calls [body] for each element concurrently and gives the results as they come, each as soon as its task has ended.
 * This flow is collected as places free up, at most one element ahead.
 *
 * **Failure:** a task's failure is a result like any other. If this flow fails, so does the resulting flow, at once.
 *
 * **Collection, deadline, cancellation, threads and options:** as for [gatherAsCompleted] of items.
 *
 * @param limit how many tasks may run at the same time; at least 1
 * @param body what to do with one element
 * @return the results, as [Completed]
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here
 */
@JvmSynthetic
public fun <A, T> Flow<A>.gatherAsCompleted(
    limit: Int,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    limiter: Limiter? = null,
    release: ((T) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
    body: suspend (A) -> T,
): Flow<Completed<T>> = Call(
    options,
    limit,
    timeout,
    taskTimeout,
    limiter = limiter,
    release = release,
).completions(this, body)

/**
 * Calls [body] for each element concurrently and gives the values in the order of the elements. This flow is collected
 * as places free up, at most one element ahead; a value that has to wait for one before it counts as waiting for the
 * collector.
 *
 * ```
 * lines.gather(limit = 16) { resolve(it) }.collect { println(it) }
 * ```
 *
 * **Failure:** the first task that fails, in time, fails the flow at once with its own exception, the same instance,
 * although values that stand before it may not have been emitted. A task that is cancelled on its own fails it with a
 * [GatherException][dev.gather.GatherException]; the deadline with a
 * [GatherTimeoutException][dev.gather.GatherTimeoutException]. If this flow fails, so does the resulting flow, at once.
 *
 * **Collection, cancellation, threads and options:** as for [gatherAsCompleted].
 *
 * @param limit how many tasks may run at the same time; at least 1
 * @param body what to do with one element
 * @return the values, in the order of the elements
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here
 */
@JvmSynthetic
public fun <A, T> Flow<A>.gather(
    limit: Int,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    limiter: Limiter? = null,
    release: ((T) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
    body: suspend (A) -> T,
): Flow<T> = Call(options, limit, timeout, taskTimeout, limiter = limiter, release = release).values(this, body)

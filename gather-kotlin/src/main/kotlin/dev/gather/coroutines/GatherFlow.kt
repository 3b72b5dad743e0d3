package dev.gather.coroutines

import dev.gather.Completed
import dev.gather.GatherListener
import dev.gather.Limiter
import dev.gather.coroutines.internal.door.Call
import kotlinx.coroutines.flow.Flow
import kotlin.time.Duration

/**
 * Calls [body] for each item concurrently and gives the results as they come, each as soon as its task has ended.
 *
 * **Collection:** the flow is cold, each collection is a run of its own. Results are emitted in the collector's context,
 * one at a time. With a [limit] never more tasks are running, or have ended and wait for the collector, than that.
 * The items of a collection are read when the flow is collected; those of any other `Iterable` as slots free up, so that
 * the input may be without end.
 *
 * **Failure:** a task's failure is a result like any other. An iterator that throws fails the flow with that exception,
 * after the results that are there. At the deadline what has not ended comes as cancelled, and then the end.
 *
 * **Cancellation:** when the collector is cancelled, fails or has enough (`take(3)`), every task that is still running
 * is cancelled and tasks not yet started never start; the collection is over after all of them have ended.
 *
 * **Threads:** bodies run in the collector's coroutine context, on its dispatcher.
 *
 * ```
 * urls.gatherAsCompleted(limit = 16) { fetch(it) }.collect { println("${it.index}: ${it.outcome}") }
 * ```
 *
 * @param limit how many tasks may run at the same time; at least 1
 * @param timeout the deadline of the whole gather, counted from the start of the collection; not negative, `null` for none
 * @param taskTimeout how long each task may run, counted from its own start; it is cancelled alone, and its failure
 *   is a [TimeoutException][java.util.concurrent.TimeoutException]; not negative, `null` for no bound
 * @param limiter grants a permit for each task, besides the [limit]; held from its start to its end
 * @param name what the gather is called in messages
 * @param listener who hears what the tasks do
 * @param body what to do with one item
 * @return the results, as [Completed]
 * @throws IllegalArgumentException if an option is out of its range
 */
public fun <A, T> Iterable<A>.gatherAsCompleted(
    limit: Int = UNLIMITED,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    limiter: Limiter? = null,
    name: String? = null,
    listener: GatherListener? = null,
    body: suspend (A) -> T,
): Flow<Completed<T>> =
    Call(limit, timeout, taskTimeout, name = name, listener = listener, limiter = limiter).completions(this, body)

/**
 * Calls [body] for each element concurrently and gives the results as they come, each as soon as its task has ended.
 *
 * **Collection:** the flow is cold, each collection is a run of its own. Results are emitted in the collector's context,
 * one at a time. With a [limit] never more tasks are running, or have ended and wait for the collector, than that.
 * This flow is collected as slots free up, at most one element ahead.
 *
 * **Failure:** a task's failure is a result like any other. If this flow fails, so does the resulting flow, at once. At
 * the deadline what has not ended comes as cancelled, and then the end.
 *
 * **Cancellation:** when the collector is cancelled, fails or has enough (`take(3)`), every task that is still running
 * is cancelled and tasks not yet started never start; the collection is over after all of them have ended.
 *
 * **Threads:** bodies run in the collector's coroutine context, on its dispatcher.
 *
 * @param limit how many tasks may run at the same time; at least 1
 * @param timeout the deadline of the whole gather, counted from the start of the collection; not negative, `null` for none
 * @param taskTimeout how long each task may run, counted from its own start; it is cancelled alone, and its failure
 *   is a [TimeoutException][java.util.concurrent.TimeoutException]; not negative, `null` for no bound
 * @param limiter grants a permit for each task, besides the [limit]; held from its start to its end
 * @param name what the gather is called in messages
 * @param listener who hears what the tasks do
 * @param body what to do with one element
 * @return the results, as [Completed]
 * @throws IllegalArgumentException if an option is out of its range
 */
public fun <A, T> Flow<A>.gatherAsCompleted(
    limit: Int,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    limiter: Limiter? = null,
    name: String? = null,
    listener: GatherListener? = null,
    body: suspend (A) -> T,
): Flow<Completed<T>> =
    Call(limit, timeout, taskTimeout, name = name, listener = listener, limiter = limiter).completions(this, body)

/**
 * Calls [body] for each element concurrently and gives the values in the order of the elements.
 *
 * **Collection:** the flow is cold, each collection is a run of its own. Results are emitted in the collector's context,
 * one at a time. With a [limit] never more tasks are running, or have ended and wait for the collector, than that.
 * A value that has to wait for one before it counts as waiting for the collector. This flow is collected as slots free
 * up, at most one element ahead.
 *
 * **Failure:** the first task that fails, in time, fails the flow at once with its own exception, the same instance,
 * although values that stand before it may not have been emitted. A task that is cancelled on its own fails it with a
 * [GatherException][dev.gather.GatherException]; the deadline with a
 * [GatherTimeoutException][dev.gather.GatherTimeoutException]. If this flow fails, so does the resulting flow, at once.
 *
 * **Cancellation:** when the collector is cancelled, fails or has enough (`take(3)`), every task that is still running
 * is cancelled and tasks not yet started never start; the collection is over after all of them have ended.
 *
 * **Threads:** bodies run in the collector's coroutine context, on its dispatcher.
 *
 * ```
 * lines.gather(limit = 16) { resolve(it) }.collect { println(it) }
 * ```
 *
 * @param limit how many tasks may run at the same time; at least 1
 * @param timeout the deadline of the whole gather, counted from the start of the collection; not negative, `null` for none
 * @param taskTimeout how long each task may run, counted from its own start; it is cancelled alone, and its failure
 *   is a [TimeoutException][java.util.concurrent.TimeoutException]; not negative, `null` for no bound
 * @param limiter grants a permit for each task, besides the [limit]; held from its start to its end
 * @param name what the gather is called in messages
 * @param listener who hears what the tasks do
 * @param body what to do with one element
 * @return the values, in the order of the elements
 * @throws IllegalArgumentException if an option is out of its range
 */
public fun <A, T> Flow<A>.gather(
    limit: Int,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    limiter: Limiter? = null,
    name: String? = null,
    listener: GatherListener? = null,
    body: suspend (A) -> T,
): Flow<T> =
    Call(limit, timeout, taskTimeout, name = name, listener = listener, limiter = limiter).values(this, body)

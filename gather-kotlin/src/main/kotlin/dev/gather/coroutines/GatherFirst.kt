package dev.gather.coroutines

import dev.gather.Completed
import dev.gather.GatherListener
import dev.gather.Limiter
import dev.gather.coroutines.internal.door.Call
import kotlin.time.Duration

/**
 * Runs [tasks] concurrently and returns the first value that comes; the other tasks are then cancelled.
 *
 * **Failure:** failures do not matter as long as enough tasks may still succeed. Otherwise the call throws the failure
 * that came first, the same instance, with the others [suppressed][Throwable.addSuppressed] in it; if there are too
 * few tasks, a [NoSuchElementException]. A task that was cancelled on its own has failed; if that came first, it is
 * thrown inside a [GatherException][dev.gather.GatherException]. At the deadline the call throws a
 * [GatherTimeoutException][dev.gather.GatherTimeoutException] that holds every outcome so far.
 *
 * **Cancellation:** cancelling the caller cancels every task that is still running, tasks not yet started never
 * start, and the call throws a [CancellationException][kotlin.coroutines.cancellation.CancellationException] after
 * all of them have ended.
 *
 * **Threads:** bodies run in the caller's coroutine context, on its dispatcher; the first of them start on the
 * calling thread.
 *
 * **End:** when the call returns or throws, none of its tasks is running any more.
 *
 * ```
 * val page = gatherAny({ fetch(mirror1) }, { fetch(mirror2) }, stagger = 250.milliseconds)
 * ```
 *
 * @param tasks what to run
 * @param limit how many tasks may run at the same time; at least 1
 * @param timeout the deadline of the whole gather, counted from the call; not negative, `null` for none
 * @param taskTimeout how long each task may run, counted from its own start; it is cancelled alone, and its failure
 *   is a [TimeoutException][java.util.concurrent.TimeoutException]; not negative, `null` for no bound
 * @param stagger how long each task waits for the one before to fail, before it starts beside it: how to ask a second
 *   server when the first is slow; not negative, `null` to start all at once
 * @param limiter grants a permit for each task, besides the [limit]; held from its start to its end
 * @param name what the gather is called in messages
 * @param listener who hears what the tasks do
 * @return the value of the task that succeeded first
 * @throws IllegalArgumentException if an option is out of its range; nothing has been started
 */
public suspend fun <T> gatherAny(
    vararg tasks: suspend () -> T,
    limit: Int = UNLIMITED,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    stagger: Duration? = null,
    limiter: Limiter? = null,
    name: String? = null,
    listener: GatherListener? = null,
): T =
    Call(limit, timeout, taskTimeout, stagger = stagger, name = name, listener = listener, limiter = limiter)
        .first(1, tasks)
        .single()
        .getOrThrow()

/**
 * Calls [body] for each item concurrently and returns the first value that comes; the other tasks are then cancelled.
 *
 * **Failure:** failures do not matter as long as enough tasks may still succeed. Otherwise the call throws the failure
 * that came first, the same instance, with the others [suppressed][Throwable.addSuppressed] in it; if there are too
 * few tasks, a [NoSuchElementException]. A task that was cancelled on its own has failed; if that came first, it is
 * thrown inside a [GatherException][dev.gather.GatherException]. At the deadline the call throws a
 * [GatherTimeoutException][dev.gather.GatherTimeoutException] that holds every outcome so far.
 *
 * **Cancellation:** cancelling the caller cancels every task that is still running, tasks not yet started never
 * start, and the call throws a [CancellationException][kotlin.coroutines.cancellation.CancellationException] after
 * all of them have ended.
 *
 * **Threads:** bodies run in the caller's coroutine context, on its dispatcher; the first of them start on the
 * calling thread.
 *
 * **End:** when the call returns or throws, none of its tasks is running any more.
 *
 * @param limit how many tasks may run at the same time; at least 1
 * @param timeout the deadline of the whole gather, counted from the call; not negative, `null` for none
 * @param taskTimeout how long each task may run, counted from its own start; it is cancelled alone, and its failure
 *   is a [TimeoutException][java.util.concurrent.TimeoutException]; not negative, `null` for no bound
 * @param stagger how long each task waits for the one before to fail, before it starts beside it: how to ask a second
 *   server when the first is slow; not negative, `null` to start all at once
 * @param limiter grants a permit for each task, besides the [limit]; held from its start to its end
 * @param name what the gather is called in messages
 * @param listener who hears what the tasks do
 * @param body what to do with one item
 * @return the value of the task that succeeded first
 * @throws IllegalArgumentException if an option is out of its range; nothing has been started
 */
public suspend fun <A, T> Iterable<A>.gatherAny(
    limit: Int = UNLIMITED,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    stagger: Duration? = null,
    limiter: Limiter? = null,
    name: String? = null,
    listener: GatherListener? = null,
    body: suspend (A) -> T,
): T =
    Call(limit, timeout, taskTimeout, stagger = stagger, name = name, listener = listener, limiter = limiter)
        .first(1, this, body)
        .single()
        .getOrThrow()

/**
 * Runs [tasks] concurrently and returns the first [successes] of them, in the order in which they came; the other tasks are then cancelled.
 *
 * **Failure:** failures do not matter as long as enough tasks may still succeed. Otherwise the call throws the failure
 * that came first, the same instance, with the others [suppressed][Throwable.addSuppressed] in it; if there are too
 * few tasks, a [NoSuchElementException]. A task that was cancelled on its own has failed; if that came first, it is
 * thrown inside a [GatherException][dev.gather.GatherException]. At the deadline the call throws a
 * [GatherTimeoutException][dev.gather.GatherTimeoutException] that holds every outcome so far.
 *
 * **Cancellation:** cancelling the caller cancels every task that is still running, tasks not yet started never
 * start, and the call throws a [CancellationException][kotlin.coroutines.cancellation.CancellationException] after
 * all of them have ended.
 *
 * **Threads:** bodies run in the caller's coroutine context, on its dispatcher; the first of them start on the
 * calling thread.
 *
 * **End:** when the call returns or throws, none of its tasks is running any more.
 *
 * @param successes how many have to succeed; at least 1
 * @param tasks what to run
 * @param limit how many tasks may run at the same time; at least 1
 * @param timeout the deadline of the whole gather, counted from the call; not negative, `null` for none
 * @param taskTimeout how long each task may run, counted from its own start; it is cancelled alone, and its failure
 *   is a [TimeoutException][java.util.concurrent.TimeoutException]; not negative, `null` for no bound
 * @param stagger how long each task waits for the one before to fail, before it starts beside it: how to ask a second
 *   server when the first is slow; not negative, `null` to start all at once
 * @param limiter grants a permit for each task, besides the [limit]; held from its start to its end
 * @param name what the gather is called in messages
 * @param listener who hears what the tasks do
 * @return exactly so many successes, each with its position in the input; unmodifiable
 * @throws IllegalArgumentException if an option is out of its range; nothing has been started
 */
public suspend fun <T> gatherAtLeast(
    successes: Int,
    vararg tasks: suspend () -> T,
    limit: Int = UNLIMITED,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    stagger: Duration? = null,
    limiter: Limiter? = null,
    name: String? = null,
    listener: GatherListener? = null,
): List<Completed<T>> =
    Call(limit, timeout, taskTimeout, stagger = stagger, name = name, listener = listener, limiter = limiter)
        .first(successes, tasks)

/**
 * Calls [body] for each item concurrently and returns the first [successes] of them, in the order in which they came; the other tasks are then cancelled.
 *
 * **Failure:** failures do not matter as long as enough tasks may still succeed. Otherwise the call throws the failure
 * that came first, the same instance, with the others [suppressed][Throwable.addSuppressed] in it; if there are too
 * few tasks, a [NoSuchElementException]. A task that was cancelled on its own has failed; if that came first, it is
 * thrown inside a [GatherException][dev.gather.GatherException]. At the deadline the call throws a
 * [GatherTimeoutException][dev.gather.GatherTimeoutException] that holds every outcome so far.
 *
 * **Cancellation:** cancelling the caller cancels every task that is still running, tasks not yet started never
 * start, and the call throws a [CancellationException][kotlin.coroutines.cancellation.CancellationException] after
 * all of them have ended.
 *
 * **Threads:** bodies run in the caller's coroutine context, on its dispatcher; the first of them start on the
 * calling thread.
 *
 * **End:** when the call returns or throws, none of its tasks is running any more.
 *
 * @param successes how many have to succeed; at least 1
 * @param limit how many tasks may run at the same time; at least 1
 * @param timeout the deadline of the whole gather, counted from the call; not negative, `null` for none
 * @param taskTimeout how long each task may run, counted from its own start; it is cancelled alone, and its failure
 *   is a [TimeoutException][java.util.concurrent.TimeoutException]; not negative, `null` for no bound
 * @param stagger how long each task waits for the one before to fail, before it starts beside it: how to ask a second
 *   server when the first is slow; not negative, `null` to start all at once
 * @param limiter grants a permit for each task, besides the [limit]; held from its start to its end
 * @param name what the gather is called in messages
 * @param listener who hears what the tasks do
 * @param body what to do with one item
 * @return exactly so many successes, each with its position in the input; unmodifiable
 * @throws IllegalArgumentException if an option is out of its range; nothing has been started
 */
public suspend fun <A, T> Iterable<A>.gatherAtLeast(
    successes: Int,
    limit: Int = UNLIMITED,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    stagger: Duration? = null,
    limiter: Limiter? = null,
    name: String? = null,
    listener: GatherListener? = null,
    body: suspend (A) -> T,
): List<Completed<T>> =
    Call(limit, timeout, taskTimeout, stagger = stagger, name = name, listener = listener, limiter = limiter)
        .first(successes, this, body)

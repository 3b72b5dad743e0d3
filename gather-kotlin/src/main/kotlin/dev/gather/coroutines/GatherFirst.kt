package dev.gather.coroutines

import dev.gather.Completed
import dev.gather.GatherOptions
import dev.gather.Limiter
import dev.gather.coroutines.internal.door.Call
import kotlin.time.Duration

/**
 * Runs [tasks] concurrently and returns the first value that comes; the other tasks are then cancelled.
 *
 * ```
 * val page = gatherAny({ fetch(mirror1) }, { fetch(mirror2) }, stagger = 250.milliseconds)
 * ```
 *
 * **Failure:** failures do not matter as long as enough tasks may still succeed. Otherwise the call throws the failure
 * that came first, the same instance, with the others [suppressed][Throwable.addSuppressed] in it; if there are too
 * few tasks, a [NoSuchElementException]. A task that was cancelled on its own has failed; if that came first, it is
 * thrown inside a [GatherException][dev.gather.GatherException]. At the deadline the call throws a
 * [GatherTimeoutException][dev.gather.GatherTimeoutException] that holds every outcome so far.
 *
 * **Cancellation, threads, end and options:** as for [gather].
 *
 * @param tasks what to run
 * @param stagger how long each task waits for the one before to fail, before it starts beside it: how to ask a second
 *   server when the first is slow; not negative
 * @return the value of the task that succeeded first
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here; nothing has been started
 */
@JvmSynthetic
public suspend fun <T> gatherAny(
    vararg tasks: suspend () -> T,
    limit: Int? = null,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    stagger: Duration? = null,
    limiter: Limiter? = null,
    release: ((T) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
): T = Call(
    options,
    limit,
    timeout,
    taskTimeout,
    limiter = limiter,
    release = release,
    stagger = stagger,
).first(1, tasks).single().getOrThrow()

/**
 * Calls [body] for each item concurrently and returns the first value that comes; the other tasks are then cancelled.
 *
 * **Failure and [stagger]:** as for [gatherAny] of tasks. **Cancellation, threads, end and options:** as for [gather].
 *
 * @param body what to do with one item
 * @return the value of the task that succeeded first
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here; nothing has been started
 */
@JvmSynthetic
public suspend fun <A, T> Iterable<A>.gatherAny(
    limit: Int? = null,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    stagger: Duration? = null,
    limiter: Limiter? = null,
    release: ((T) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
    body: suspend (A) -> T,
): T = Call(
    options,
    limit,
    timeout,
    taskTimeout,
    limiter = limiter,
    release = release,
    stagger = stagger,
).first(1, this, body).single().getOrThrow()

/**
 * Runs [tasks] concurrently and returns the first [successes] of them, in the order in which they came; the other
 * tasks are then cancelled.
 *
 * **Failure and [stagger]:** as for [gatherAny]. **Cancellation, threads, end and options:** as for [gather].
 *
 * @param successes how many have to succeed; at least 1
 * @param tasks what to run
 * @return exactly so many successes, each with its position in the input; unmodifiable
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here; nothing has been started
 */
@JvmSynthetic
public suspend fun <T> gatherAtLeast(
    successes: Int,
    vararg tasks: suspend () -> T,
    limit: Int? = null,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    stagger: Duration? = null,
    limiter: Limiter? = null,
    release: ((T) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
): List<Completed<T>> = Call(
    options,
    limit,
    timeout,
    taskTimeout,
    limiter = limiter,
    release = release,
    stagger = stagger,
).first(successes, tasks)

/**
 * Calls [body] for each item concurrently and returns the first [successes] of them, in the order in which they came;
 * the other tasks are then cancelled.
 *
 * **Failure and [stagger]:** as for [gatherAny]. **Cancellation, threads, end and options:** as for [gather].
 *
 * @param successes how many have to succeed; at least 1
 * @param body what to do with one item
 * @return exactly so many successes, each with its position in the input; unmodifiable
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here; nothing has been started
 */
@JvmSynthetic
public suspend fun <A, T> Iterable<A>.gatherAtLeast(
    successes: Int,
    limit: Int? = null,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    stagger: Duration? = null,
    limiter: Limiter? = null,
    release: ((T) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
    body: suspend (A) -> T,
): List<Completed<T>> =
    Call(
        options,
        limit,
        timeout,
        taskTimeout,
        limiter = limiter,
        release = release,
        stagger = stagger,
    ).first(successes, this, body)

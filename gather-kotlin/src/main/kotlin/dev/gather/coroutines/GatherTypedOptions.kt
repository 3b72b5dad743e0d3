package dev.gather.coroutines

import dev.gather.FailurePolicy
import dev.gather.GatherOptions
import dev.gather.Limiter
import dev.gather.coroutines.internal.door.Call
import kotlinx.coroutines.CoroutineScope
import kotlin.time.Duration

// Two to nine tasks of different types, with options. They all do what the first one says.

/**
 * Runs two tasks of different types concurrently, with options, and combines their values.
 *
 * ```
 * val page = gather({ users.find(id) }, { orders.byUser(id) }, timeout = 800.milliseconds) { user, orders ->
 *     Page(user, orders)
 * }
 * ```
 *
 * **Failure, cancellation, threads, end and options:** as for [gather] of tasks that give a list. The options are about
 * the tasks: [combine] comes after them, it needs no permit of a [limiter], and a [timeout] has no hold on it.
 *
 * @param combine called once with the values, in the order of the tasks, when all have succeeded and have ended; it runs
 *   in the caller's coroutine, may suspend, and is cancelled with it; what it throws is thrown as it is
 * @return what [combine] returns
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here; nothing has been started
 */
@Suppress("UNCHECKED_CAST") // each value is that of the task at its place
@JvmSynthetic
public suspend fun <A, B, R> gather(
    a: suspend () -> A,
    b: suspend () -> B,
    limit: Int? = null,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    onFailure: FailurePolicy? = null,
    scope: CoroutineScope? = null,
    limiter: Limiter? = null,
    release: ((Any) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
    combine: suspend (A, B) -> R,
): R {
    val call = Call(options, limit, timeout, taskTimeout, onFailure, scope, limiter, release)
    val v = call.values(arrayOf(a, b), combine)
    return combine(v[0] as A, v[1] as B)
}

/**
 * Runs three tasks of different types, with options, and combines their values, as the function for two does.
 *
 * @param combine called once with the values, in the order of the tasks, when all have succeeded; it may suspend
 * @return what [combine] returns
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here; nothing has been started
 */
@Suppress("UNCHECKED_CAST") // each value is that of the task at its place
@JvmSynthetic
public suspend fun <A, B, C, R> gather(
    a: suspend () -> A,
    b: suspend () -> B,
    c: suspend () -> C,
    limit: Int? = null,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    onFailure: FailurePolicy? = null,
    scope: CoroutineScope? = null,
    limiter: Limiter? = null,
    release: ((Any) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
    combine: suspend (A, B, C) -> R,
): R {
    val call = Call(options, limit, timeout, taskTimeout, onFailure, scope, limiter, release)
    val v = call.values(arrayOf(a, b, c), combine)
    return combine(v[0] as A, v[1] as B, v[2] as C)
}

/**
 * Runs four tasks of different types, with options, and combines their values, as the function for two does.
 *
 * @param combine called once with the values, in the order of the tasks, when all have succeeded; it may suspend
 * @return what [combine] returns
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here; nothing has been started
 */
@Suppress("UNCHECKED_CAST") // each value is that of the task at its place
@JvmSynthetic
public suspend fun <A, B, C, D, R> gather(
    a: suspend () -> A,
    b: suspend () -> B,
    c: suspend () -> C,
    d: suspend () -> D,
    limit: Int? = null,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    onFailure: FailurePolicy? = null,
    scope: CoroutineScope? = null,
    limiter: Limiter? = null,
    release: ((Any) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
    combine: suspend (A, B, C, D) -> R,
): R {
    val call = Call(options, limit, timeout, taskTimeout, onFailure, scope, limiter, release)
    val v = call.values(arrayOf(a, b, c, d), combine)
    return combine(v[0] as A, v[1] as B, v[2] as C, v[3] as D)
}

/**
 * Runs five tasks of different types, with options, and combines their values, as the function for two does.
 *
 * @param combine called once with the values, in the order of the tasks, when all have succeeded; it may suspend
 * @return what [combine] returns
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here; nothing has been started
 */
@Suppress("UNCHECKED_CAST") // each value is that of the task at its place
@JvmSynthetic
public suspend fun <A, B, C, D, E, R> gather(
    a: suspend () -> A,
    b: suspend () -> B,
    c: suspend () -> C,
    d: suspend () -> D,
    e: suspend () -> E,
    limit: Int? = null,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    onFailure: FailurePolicy? = null,
    scope: CoroutineScope? = null,
    limiter: Limiter? = null,
    release: ((Any) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
    combine: suspend (A, B, C, D, E) -> R,
): R {
    val call = Call(options, limit, timeout, taskTimeout, onFailure, scope, limiter, release)
    val v = call.values(arrayOf(a, b, c, d, e), combine)
    return combine(v[0] as A, v[1] as B, v[2] as C, v[3] as D, v[4] as E)
}

/**
 * Runs six tasks of different types, with options, and combines their values, as the function for two does.
 *
 * @param combine called once with the values, in the order of the tasks, when all have succeeded; it may suspend
 * @return what [combine] returns
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here; nothing has been started
 */
@Suppress("UNCHECKED_CAST") // each value is that of the task at its place
@JvmSynthetic
public suspend fun <A, B, C, D, E, F, R> gather(
    a: suspend () -> A,
    b: suspend () -> B,
    c: suspend () -> C,
    d: suspend () -> D,
    e: suspend () -> E,
    f: suspend () -> F,
    limit: Int? = null,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    onFailure: FailurePolicy? = null,
    scope: CoroutineScope? = null,
    limiter: Limiter? = null,
    release: ((Any) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
    combine: suspend (A, B, C, D, E, F) -> R,
): R {
    val call = Call(options, limit, timeout, taskTimeout, onFailure, scope, limiter, release)
    val v = call.values(arrayOf(a, b, c, d, e, f), combine)
    return combine(v[0] as A, v[1] as B, v[2] as C, v[3] as D, v[4] as E, v[5] as F)
}

/**
 * Runs seven tasks of different types, with options, and combines their values, as the function for two does.
 *
 * @param combine called once with the values, in the order of the tasks, when all have succeeded; it may suspend
 * @return what [combine] returns
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here; nothing has been started
 */
@Suppress("UNCHECKED_CAST") // each value is that of the task at its place
@JvmSynthetic
public suspend fun <A, B, C, D, E, F, G, R> gather(
    a: suspend () -> A,
    b: suspend () -> B,
    c: suspend () -> C,
    d: suspend () -> D,
    e: suspend () -> E,
    f: suspend () -> F,
    g: suspend () -> G,
    limit: Int? = null,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    onFailure: FailurePolicy? = null,
    scope: CoroutineScope? = null,
    limiter: Limiter? = null,
    release: ((Any) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
    combine: suspend (A, B, C, D, E, F, G) -> R,
): R {
    val call = Call(options, limit, timeout, taskTimeout, onFailure, scope, limiter, release)
    val v = call.values(arrayOf(a, b, c, d, e, f, g), combine)
    return combine(v[0] as A, v[1] as B, v[2] as C, v[3] as D, v[4] as E, v[5] as F, v[6] as G)
}

/**
 * Runs eight tasks of different types, with options, and combines their values, as the function for two does.
 *
 * @param combine called once with the values, in the order of the tasks, when all have succeeded; it may suspend
 * @return what [combine] returns
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here; nothing has been started
 */
@Suppress("UNCHECKED_CAST") // each value is that of the task at its place
@JvmSynthetic
public suspend fun <A, B, C, D, E, F, G, H, R> gather(
    a: suspend () -> A,
    b: suspend () -> B,
    c: suspend () -> C,
    d: suspend () -> D,
    e: suspend () -> E,
    f: suspend () -> F,
    g: suspend () -> G,
    h: suspend () -> H,
    limit: Int? = null,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    onFailure: FailurePolicy? = null,
    scope: CoroutineScope? = null,
    limiter: Limiter? = null,
    release: ((Any) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
    combine: suspend (A, B, C, D, E, F, G, H) -> R,
): R {
    val call = Call(options, limit, timeout, taskTimeout, onFailure, scope, limiter, release)
    val v = call.values(arrayOf(a, b, c, d, e, f, g, h), combine)
    return combine(v[0] as A, v[1] as B, v[2] as C, v[3] as D, v[4] as E, v[5] as F, v[6] as G, v[7] as H)
}

/**
 * Runs nine tasks of different types, with options, and combines their values, as the function for two does.
 *
 * @param combine called once with the values, in the order of the tasks, when all have succeeded; it may suspend
 * @return what [combine] returns
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here; nothing has been started
 */
@Suppress("UNCHECKED_CAST") // each value is that of the task at its place
@JvmSynthetic
public suspend fun <A, B, C, D, E, F, G, H, I, R> gather(
    a: suspend () -> A,
    b: suspend () -> B,
    c: suspend () -> C,
    d: suspend () -> D,
    e: suspend () -> E,
    f: suspend () -> F,
    g: suspend () -> G,
    h: suspend () -> H,
    i: suspend () -> I,
    limit: Int? = null,
    timeout: Duration? = null,
    taskTimeout: Duration? = null,
    onFailure: FailurePolicy? = null,
    scope: CoroutineScope? = null,
    limiter: Limiter? = null,
    release: ((Any) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
    combine: suspend (A, B, C, D, E, F, G, H, I) -> R,
): R {
    val call = Call(options, limit, timeout, taskTimeout, onFailure, scope, limiter, release)
    val v = call.values(arrayOf(a, b, c, d, e, f, g, h, i), combine)
    return combine(v[0] as A, v[1] as B, v[2] as C, v[3] as D, v[4] as E, v[5] as F, v[6] as G, v[7] as H, v[8] as I)
}

package dev.gather.coroutines

import dev.gather.coroutines.internal.door.Call

// Two to nine tasks of different types. They all do what the first one says; for options use the
// other overloads, for a deadline `withTimeout` around the call.

/**
 * Runs two tasks of different types concurrently and combines their values.
 *
 * It is `gather` with default options: the first failure is thrown as it is, after the other task has been cancelled
 * and has ended; cancelling the caller cancels both. Bodies run in the caller's coroutine context.
 *
 * ```
 * val page = gather({ users.find(id) }, { orders.byUser(id) }) { user, orders -> Page(user, orders) }
 * ```
 *
 * @param combine called once with the values, in the order of the tasks, when all have succeeded
 * @return what [combine] returns
 */
@Suppress("UNCHECKED_CAST") // each value is that of the task at its place
public suspend fun <A, B, R> gather(
    a: suspend () -> A,
    b: suspend () -> B,
    combine: (A, B) -> R,
): R {
    val values = Call().values(arrayOf(a, b), combine)
    return combine(values[0] as A, values[1] as B)
}

/**
 * Runs three tasks of different types concurrently and combines their values, as the function for two does.
 *
 * @param combine called once with the values, in the order of the tasks, when all have succeeded
 * @return what [combine] returns
 */
@Suppress("UNCHECKED_CAST") // each value is that of the task at its place
public suspend fun <A, B, C, R> gather(
    a: suspend () -> A,
    b: suspend () -> B,
    c: suspend () -> C,
    combine: (A, B, C) -> R,
): R {
    val values = Call().values(arrayOf(a, b, c), combine)
    return combine(values[0] as A, values[1] as B, values[2] as C)
}

/**
 * Runs four tasks of different types concurrently and combines their values, as the function for two does.
 *
 * @param combine called once with the values, in the order of the tasks, when all have succeeded
 * @return what [combine] returns
 */
@Suppress("UNCHECKED_CAST") // each value is that of the task at its place
public suspend fun <A, B, C, D, R> gather(
    a: suspend () -> A,
    b: suspend () -> B,
    c: suspend () -> C,
    d: suspend () -> D,
    combine: (A, B, C, D) -> R,
): R {
    val values = Call().values(arrayOf(a, b, c, d), combine)
    return combine(values[0] as A, values[1] as B, values[2] as C, values[3] as D)
}

/**
 * Runs five tasks of different types concurrently and combines their values, as the function for two does.
 *
 * @param combine called once with the values, in the order of the tasks, when all have succeeded
 * @return what [combine] returns
 */
@Suppress("UNCHECKED_CAST") // each value is that of the task at its place
public suspend fun <A, B, C, D, E, R> gather(
    a: suspend () -> A,
    b: suspend () -> B,
    c: suspend () -> C,
    d: suspend () -> D,
    e: suspend () -> E,
    combine: (A, B, C, D, E) -> R,
): R {
    val values = Call().values(arrayOf(a, b, c, d, e), combine)
    return combine(values[0] as A, values[1] as B, values[2] as C, values[3] as D, values[4] as E)
}

/**
 * Runs six tasks of different types concurrently and combines their values, as the function for two does.
 *
 * @param combine called once with the values, in the order of the tasks, when all have succeeded
 * @return what [combine] returns
 */
@Suppress("UNCHECKED_CAST") // each value is that of the task at its place
public suspend fun <A, B, C, D, E, F, R> gather(
    a: suspend () -> A,
    b: suspend () -> B,
    c: suspend () -> C,
    d: suspend () -> D,
    e: suspend () -> E,
    f: suspend () -> F,
    combine: (A, B, C, D, E, F) -> R,
): R {
    val values = Call().values(arrayOf(a, b, c, d, e, f), combine)
    return combine(values[0] as A, values[1] as B, values[2] as C, values[3] as D, values[4] as E, values[5] as F)
}

/**
 * Runs seven tasks of different types concurrently and combines their values, as the function for two does.
 *
 * @param combine called once with the values, in the order of the tasks, when all have succeeded
 * @return what [combine] returns
 */
@Suppress("UNCHECKED_CAST") // each value is that of the task at its place
public suspend fun <A, B, C, D, E, F, G, R> gather(
    a: suspend () -> A,
    b: suspend () -> B,
    c: suspend () -> C,
    d: suspend () -> D,
    e: suspend () -> E,
    f: suspend () -> F,
    g: suspend () -> G,
    combine: (A, B, C, D, E, F, G) -> R,
): R {
    val values = Call().values(arrayOf(a, b, c, d, e, f, g), combine)
    return combine(
        values[0] as A,
        values[1] as B,
        values[2] as C,
        values[3] as D,
        values[4] as E,
        values[5] as F,
        values[6] as G,
    )
}

/**
 * Runs eight tasks of different types concurrently and combines their values, as the function for two does.
 *
 * @param combine called once with the values, in the order of the tasks, when all have succeeded
 * @return what [combine] returns
 */
@Suppress("UNCHECKED_CAST") // each value is that of the task at its place
public suspend fun <A, B, C, D, E, F, G, H, R> gather(
    a: suspend () -> A,
    b: suspend () -> B,
    c: suspend () -> C,
    d: suspend () -> D,
    e: suspend () -> E,
    f: suspend () -> F,
    g: suspend () -> G,
    h: suspend () -> H,
    combine: (A, B, C, D, E, F, G, H) -> R,
): R {
    val values = Call().values(arrayOf(a, b, c, d, e, f, g, h), combine)
    return combine(
        values[0] as A,
        values[1] as B,
        values[2] as C,
        values[3] as D,
        values[4] as E,
        values[5] as F,
        values[6] as G,
        values[7] as H,
    )
}

/**
 * Runs nine tasks of different types concurrently and combines their values, as the function for two does.
 *
 * @param combine called once with the values, in the order of the tasks, when all have succeeded
 * @return what [combine] returns
 */
@Suppress("UNCHECKED_CAST") // each value is that of the task at its place
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
    combine: (A, B, C, D, E, F, G, H, I) -> R,
): R {
    val values = Call().values(arrayOf(a, b, c, d, e, f, g, h, i), combine)
    return combine(
        values[0] as A,
        values[1] as B,
        values[2] as C,
        values[3] as D,
        values[4] as E,
        values[5] as F,
        values[6] as G,
        values[7] as H,
        values[8] as I,
    )
}

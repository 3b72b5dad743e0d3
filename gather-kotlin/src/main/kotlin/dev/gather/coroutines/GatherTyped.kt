package dev.gather.coroutines

// Two to nine tasks of different types, with default options. They all do what the first one says.

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
 * @param combine called once with the values, in the order of the tasks, when all have succeeded and have ended; it runs
 *   in the caller's coroutine, may suspend, and is cancelled with it; what it throws is thrown as it is
 * @return what [combine] returns
 */
public suspend fun <A, B, R> gather(
    a: suspend () -> A,
    b: suspend () -> B,
    combine: suspend (A, B) -> R,
): R = gather(a, b, limit = null, combine = combine)

/**
 * Runs three tasks of different types concurrently and combines their values, as the function for two does.
 *
 * @param combine called once with the values, in the order of the tasks, when all have succeeded; it may suspend
 * @return what [combine] returns
 */
public suspend fun <A, B, C, R> gather(
    a: suspend () -> A,
    b: suspend () -> B,
    c: suspend () -> C,
    combine: suspend (A, B, C) -> R,
): R = gather(a, b, c, limit = null, combine = combine)

/**
 * Runs four tasks of different types concurrently and combines their values, as the function for two does.
 *
 * @param combine called once with the values, in the order of the tasks, when all have succeeded; it may suspend
 * @return what [combine] returns
 */
public suspend fun <A, B, C, D, R> gather(
    a: suspend () -> A,
    b: suspend () -> B,
    c: suspend () -> C,
    d: suspend () -> D,
    combine: suspend (A, B, C, D) -> R,
): R = gather(a, b, c, d, limit = null, combine = combine)

/**
 * Runs five tasks of different types concurrently and combines their values, as the function for two does.
 *
 * @param combine called once with the values, in the order of the tasks, when all have succeeded; it may suspend
 * @return what [combine] returns
 */
public suspend fun <A, B, C, D, E, R> gather(
    a: suspend () -> A,
    b: suspend () -> B,
    c: suspend () -> C,
    d: suspend () -> D,
    e: suspend () -> E,
    combine: suspend (A, B, C, D, E) -> R,
): R = gather(a, b, c, d, e, limit = null, combine = combine)

/**
 * Runs six tasks of different types concurrently and combines their values, as the function for two does.
 *
 * @param combine called once with the values, in the order of the tasks, when all have succeeded; it may suspend
 * @return what [combine] returns
 */
public suspend fun <A, B, C, D, E, F, R> gather(
    a: suspend () -> A,
    b: suspend () -> B,
    c: suspend () -> C,
    d: suspend () -> D,
    e: suspend () -> E,
    f: suspend () -> F,
    combine: suspend (A, B, C, D, E, F) -> R,
): R = gather(a, b, c, d, e, f, limit = null, combine = combine)

/**
 * Runs seven tasks of different types concurrently and combines their values, as the function for two does.
 *
 * @param combine called once with the values, in the order of the tasks, when all have succeeded; it may suspend
 * @return what [combine] returns
 */
public suspend fun <A, B, C, D, E, F, G, R> gather(
    a: suspend () -> A,
    b: suspend () -> B,
    c: suspend () -> C,
    d: suspend () -> D,
    e: suspend () -> E,
    f: suspend () -> F,
    g: suspend () -> G,
    combine: suspend (A, B, C, D, E, F, G) -> R,
): R = gather(a, b, c, d, e, f, g, limit = null, combine = combine)

/**
 * Runs eight tasks of different types concurrently and combines their values, as the function for two does.
 *
 * @param combine called once with the values, in the order of the tasks, when all have succeeded; it may suspend
 * @return what [combine] returns
 */
public suspend fun <A, B, C, D, E, F, G, H, R> gather(
    a: suspend () -> A,
    b: suspend () -> B,
    c: suspend () -> C,
    d: suspend () -> D,
    e: suspend () -> E,
    f: suspend () -> F,
    g: suspend () -> G,
    h: suspend () -> H,
    combine: suspend (A, B, C, D, E, F, G, H) -> R,
): R = gather(a, b, c, d, e, f, g, h, limit = null, combine = combine)

/**
 * Runs nine tasks of different types concurrently and combines their values, as the function for two does.
 *
 * @param combine called once with the values, in the order of the tasks, when all have succeeded; it may suspend
 * @return what [combine] returns
 */
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
    combine: suspend (A, B, C, D, E, F, G, H, I) -> R,
): R = gather(a, b, c, d, e, f, g, h, i, limit = null, combine = combine)

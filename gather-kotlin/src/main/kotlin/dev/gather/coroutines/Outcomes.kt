package dev.gather.coroutines

import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.Outcomes

// What dev.gather.Outcomes does, as extensions.

/**
 * The values of the tasks that returned one, in order. What failed or was cancelled is left out.
 *
 * ```
 * val pages = urls.gatherSettled(limit = 16) { fetch(it) }.successes()
 * ```
 *
 * @return a new unmodifiable list; it may hold `null`
 */
public fun <T> Iterable<Outcome<out T>>.successes(): List<T> = Outcomes.successes(asCollection())

/**
 * What the tasks that failed have thrown, in order. What was cancelled is left out.
 *
 * @return a new unmodifiable list of the causes, the same instances
 */
public fun Iterable<Outcome<*>>.failures(): List<Throwable> = Outcomes.failures(asCollection())

/**
 * Does nothing if every task returned a value, so that [successes] has all of them after it; throws otherwise.
 *
 * A task that was cancelled has no value either: it counts as failed. But the exception is about one that has thrown
 * something, if there is any, since that is mostly what the others were cancelled for.
 *
 * @throws GatherException if there is an outcome without a value. Its cause is that of the first [Outcome.Failure], the
 *   same instance, and the causes of the other failures are suppressed in the `GatherException`; if there is no
 *   failure, a `CancellationException` that says why the first of those cancelled was. Its `index()` is the position
 *   of that outcome, and it holds all outcomes. It does not cancel the caller
 */
public fun Iterable<Outcome<*>>.throwIfAnyFailed(): Unit = Outcomes.throwIfAnyFailed(asCollection())

/**
 * All three kinds at once: the values, the causes of the failures, and what was cancelled, each in order.
 *
 * @return the lists, which are unmodifiable
 */
public fun <T> Iterable<Outcome<out T>>.partition(): Outcomes.Partition<T> = Outcomes.partition(asCollection())

private fun <O> Iterable<O>.asCollection(): Collection<O> = this as? Collection<O> ?: toList()

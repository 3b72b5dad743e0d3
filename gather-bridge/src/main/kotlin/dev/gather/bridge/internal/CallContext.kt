package dev.gather.bridge.internal

import kotlinx.coroutines.Job
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext

/** What most calls have for a context: what all calls of the door have, and two elements of their own. One object. */
internal class CallContext(
    private val common: CoroutineContext,
    private val surroundings: Surroundings,
    private val job: Job? = null,
) : CoroutineContext {
    @Suppress("UNCHECKED_CAST") // the only elements with these keys
    override fun <E : CoroutineContext.Element> get(key: CoroutineContext.Key<E>): E? =
        when {
            key === Job -> job as E?
            key === Surroundings -> surroundings as E
            else -> common[key]
        }

    override fun <R> fold(
        initial: R,
        operation: (R, CoroutineContext.Element) -> R,
    ): R {
        val folded = operation(common.fold(initial, operation), surroundings)
        return if (job == null) folded else operation(folded, job)
    }

    override fun minusKey(key: CoroutineContext.Key<*>): CoroutineContext {
        if (key === Job) return if (job == null) this else CallContext(common, surroundings)
        if (key === Surroundings) return if (job == null) common else common + job
        val rest = common.minusKey(key)
        return if (rest === common) this else CallContext(rest, surroundings, job)
    }

    override fun plus(context: CoroutineContext): CoroutineContext =
        when (context) {
            is Job -> CallContext(common, surroundings, context)
            EmptyCoroutineContext -> this
            else -> whole() + context
        }

    private fun whole() = (common + surroundings).let { if (job == null) it else it + job }

    override fun toString() = whole().toString()
}

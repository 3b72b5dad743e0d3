package dev.gather.coroutines.internal.bodies

import dev.gather.Limiter
import dev.gather.Limiter.Permit
import dev.gather.threads.HeldPermits
import dev.gather.threads.OfThread
import kotlinx.coroutines.ThreadContextElement
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext

/**
 * What a coroutine finds in its context of the permits that it, or one around it, holds: of each limiter the innermost.
 * A thread that runs it holds them as well, beside its own: what is called there knows of them, be it Java.
 */
internal class HeldPermit(
    val all: HeldPermits,
) : ThreadContextElement<Any?>,
    OfThread {
    override val key: CoroutineContext.Key<*> get() = HeldPermit

    fun of(limiter: Limiter): Permit? = all.call(limiter::held)

    override fun updateThreadContext(context: CoroutineContext): Any? = enter(HeldPermits.place())

    override fun restoreThreadContext(
        context: CoroutineContext,
        oldState: Any?,
    ) {
        HeldPermits.place()[0] = oldState
    }

    private fun enter(place: Array<Any?>): Any? {
        val now = all.on(place)
        return place[0].also { place[0] = now }
    }

    /** Whoever adds it to a context gets one that [holds][HoldingContext] it: it never stands there as others do. */
    override fun <R> fold(
        initial: R,
        operation: (R, CoroutineContext.Element) -> R,
    ): R = foldedInto(initial, initial, operation)

    /** As one of the elements of a context. */
    @Suppress("UNCHECKED_CAST")
    fun <R> foldedInto(
        initial: R,
        rest: R,
        operation: (R, CoroutineContext.Element) -> R,
    ): R = if (initial is CoroutineContext) within(rest as CoroutineContext) as R else operation(rest, this)

    /** The context of work that holds these, and no others. */
    fun within(context: CoroutineContext): CoroutineContext = HoldingContext(context.minusKey(HeldPermit), this)

    /** For what begins on this thread without a dispatch. */
    inline fun <R> here(begin: () -> R): R {
        val place = HeldPermits.place()
        val before = enter(place)
        try {
            return begin()
        } finally {
            place[0] = before
        }
    }

    companion object Key : CoroutineContext.Key<HeldPermit> {
        /** Of work that holds those of the context and one more. */
        fun with(
            context: CoroutineContext,
            limiter: Limiter,
            permit: Permit,
        ) = HeldPermit(HeldPermits.and(limiter, permit, context[HeldPermit]?.all))
    }
}

/** The permit of [limiter] that the coroutine holds, or the thread that it runs on. */
internal fun CoroutineContext.heldPermit(limiter: Limiter): Permit? = this[HeldPermit]?.of(limiter) ?: limiter.held()

/**
 * A context with a permit, which is found by who looks for it, who makes a context of its elements, or puts them into a
 * thread; but not by who compares them: the code of a flow may emit only in a context with the very elements that the
 * flow is collected in.
 */
internal class HoldingContext(
    private val elements: CoroutineContext,
    private val held: HeldPermit,
) : CoroutineContext {
    @Suppress("UNCHECKED_CAST") // the only element with that key
    override fun <E : CoroutineContext.Element> get(key: CoroutineContext.Key<E>): E? =
        if (key === HeldPermit) held as E else elements[key]

    override fun <R> fold(
        initial: R,
        operation: (R, CoroutineContext.Element) -> R,
    ): R {
        val rest = elements.fold(initial, operation)
        return if (isCompared(initial, operation)) rest else held.foldedInto(initial, rest, operation)
    }

    /** As for the worker that holds the permit: the elements have a say. */
    override fun plus(context: CoroutineContext): CoroutineContext {
        if (context === EmptyCoroutineContext) return this
        val sum = elements + context
        return if (context[HeldPermit] == null) HoldingContext(sum, held) else sum
    }

    override fun minusKey(key: CoroutineContext.Key<*>): CoroutineContext {
        val rest = elements.minusKey(key)
        return if (key === HeldPermit) rest else HoldingContext(rest, held)
    }

    companion object {
        /**
         * Whether who folds counts elements, as a flow does, and not those of a thread. Where it is not known how these are
         * counted a thread must not find more of them.
         */
        fun isCompared(
            initial: Any?,
            operation: Any,
        ): Boolean =
            when (initial) {
                is CoroutineContext -> false
                is Int -> !ElementCount.isAsked(initial, operation)
                else -> ElementCount.operation == null
            }
    }
}

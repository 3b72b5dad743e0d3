package dev.gather.coroutines.internal.bodies

import dev.gather.Limiter
import dev.gather.Limiter.Permit
import kotlin.coroutines.CoroutineContext

/** What a coroutine finds in its context of the permits that it, or one around it, holds: of each limiter the innermost. */
internal class HeldPermit(
    private val limiter: Limiter,
    private val permit: Permit,
    outer: HeldPermit?,
) : CoroutineContext.Element {
    /** Nobody finds what is further out of the same limiter; work that goes on inside of itself would keep it. */
    private val outer: HeldPermit? = outer?.without(limiter)

    private fun without(inner: Limiter): HeldPermit? =
        when {
            of(inner) == null -> this
            limiter === inner -> outer
            else -> HeldPermit(limiter, permit, outer?.without(inner))
        }

    override val key: CoroutineContext.Key<*> get() = HeldPermit

    fun of(limiter: Limiter): Permit? =
        generateSequence(this) { it.outer }.firstOrNull { it.limiter === limiter }?.permit

    /** The last step of going through the elements of a context that has this. */
    fun <R> foldedInto(
        rest: R,
        operation: (R, CoroutineContext.Element) -> R,
    ): R = if (rest is CoroutineContext) operation(rest, this) else rest

    companion object Key : CoroutineContext.Key<HeldPermit>
}

/** The permit of [limiter] that the coroutine holds, or the thread that it runs on. */
internal fun CoroutineContext.heldPermit(limiter: Limiter): Permit? = this[HeldPermit]?.of(limiter) ?: limiter.held()

/**
 * A context with a permit, which is found by who looks for it, and by who makes a context of its elements; but not by
 * who compares them: the code of a flow may emit only in a context with the very elements that the flow is collected in.
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
    ): R = held.foldedInto(elements.fold(initial, operation), operation)

    override fun minusKey(key: CoroutineContext.Key<*>): CoroutineContext =
        if (key === HeldPermit) elements else HoldingContext(elements.minusKey(key), held)
}

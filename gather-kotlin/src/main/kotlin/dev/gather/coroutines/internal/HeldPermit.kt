package dev.gather.coroutines.internal

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

    fun of(limiter: Limiter): Permit? = generateSequence(
        this,
    ) { it.outer }.firstOrNull { it.limiter === limiter }?.permit

    companion object Key : CoroutineContext.Key<HeldPermit>
}

/** The permit of [limiter] that the coroutine holds, or the thread that it runs on. */
internal fun CoroutineContext.heldPermit(limiter: Limiter): Permit? = this[HeldPermit]?.of(limiter) ?: limiter.held()

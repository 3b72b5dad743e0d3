package dev.gather.coroutines.internal.bodies

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ThreadContextElement
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.CoroutineContext.Element
import kotlin.coroutines.EmptyCoroutineContext

/**
 * How kotlinx.coroutines finds out whether a body has thread-context elements: it folds the context of each that suspends.
 * All bodies of a gather have the same of these: neither a job nor a name is one, and a permit is where all have one.
 */
internal object ElementCount {
    /** What it folds with, the same each time; null should it go another way. */
    @JvmField
    val operation: Any? = seen().takeIf { it === seen() }

    private fun seen(): Any? = Probe().also { Dispatchers.Unconfined.interceptContinuation(it) }.operation

    fun isAsked(
        initial: Any?,
        operation: Any,
    ): Boolean = operation === this.operation && initial == 0

    /** What it finds in [context], and one more where there are [permits], where it [can be asked][isAsked]. */
    @Suppress("UNCHECKED_CAST") // as it calls it itself
    fun of(
        context: CoroutineContext,
        permits: Boolean,
    ): Any {
        operation as (Any, Element) -> Any
        val found = context.fold(0, operation)
        return if (permits) operation(found, NOTHING) else found
    }

    /** In place of an element that was counted, and is not there any more. */
    val NOTHING: Element =
        object : ThreadContextElement<Unit>, CoroutineContext.Key<ThreadContextElement<Unit>> {
            override val key: CoroutineContext.Key<*> get() = this

            override fun updateThreadContext(context: CoroutineContext) {}

            override fun restoreThreadContext(
                context: CoroutineContext,
                oldState: Unit,
            ) {}
        }

    /** A coroutine that looks who folds its context. */
    private class Probe :
        Continuation<Unit>,
        CoroutineContext {
        var operation: Any? = null

        override val context: CoroutineContext get() = this

        override fun resumeWith(result: Result<Unit>) {}

        override fun <R> fold(
            initial: R,
            operation: (R, Element) -> R,
        ): R = initial.also { if (it == 0) this.operation = operation }

        override fun <E : Element> get(key: CoroutineContext.Key<E>): E? = null

        override fun minusKey(key: CoroutineContext.Key<*>): CoroutineContext = EmptyCoroutineContext
    }
}

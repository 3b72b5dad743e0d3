package dev.gather.coroutines.internal.bodies

import kotlinx.coroutines.Dispatchers
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.CoroutineContext.Element
import kotlin.coroutines.EmptyCoroutineContext

/**
 * How kotlinx.coroutines finds out whether a body has thread-context elements: it folds the context of each that suspends.
 * All bodies of a gather have the same of these, and neither a job, a name nor a permit is one.
 */
internal object ElementCount {
    /** What it folds with; null should it go another way. */
    @JvmField
    val operation: Any? = Probe().also { Dispatchers.Unconfined.interceptContinuation(it) }.operation

    fun isAsked(
        initial: Any?,
        operation: Any,
    ): Boolean = operation === this.operation && initial == 0

    /** What it finds in [context], where it [can be asked][isAsked]. */
    @Suppress("UNCHECKED_CAST") // as it calls it itself
    fun of(context: CoroutineContext): Any = context.fold(0, operation as (Any, Element) -> Any)

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

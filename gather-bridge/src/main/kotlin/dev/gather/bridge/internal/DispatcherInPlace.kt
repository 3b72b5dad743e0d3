package dev.gather.bridge.internal

import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext

/**
 * The context of a call that may run in place: a body that names the door's dispatcher again, as in `withContext`, gets
 * the one that knows of the thread which waits. That very thread may be the only one of the dispatcher.
 *
 * Only what adds to this very context is looked after. kotlinx.coroutines makes another one of its elements where there
 * is one among them that is copied for each coroutine.
 */
internal class DispatcherInPlace(
    private val elements: CoroutineContext,
    private val inbox: Inbox,
) : CoroutineContext {
    override fun <E : CoroutineContext.Element> get(key: CoroutineContext.Key<E>): E? = elements[key]

    override fun <R> fold(
        initial: R,
        operation: (R, CoroutineContext.Element) -> R,
    ): R = elements.fold(initial, operation)

    override fun minusKey(key: CoroutineContext.Key<*>): CoroutineContext = with(elements.minusKey(key))

    override fun plus(context: CoroutineContext): CoroutineContext {
        val isNamed = inbox.isOver(context[ContinuationInterceptor])
        return with(elements + if (isNamed) context + inbox.dispatcher else context)
    }

    private fun with(changed: CoroutineContext) =
        when {
            changed === elements -> this
            changed === EmptyCoroutineContext -> changed
            else -> DispatcherInPlace(changed, inbox)
        }

    override fun toString() = elements.toString()
}

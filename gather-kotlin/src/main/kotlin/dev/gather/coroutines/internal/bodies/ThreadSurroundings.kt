package dev.gather.coroutines.internal.bodies

import kotlinx.coroutines.CopyableThreadContextElement
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.ThreadContextElement
import kotlin.coroutines.CoroutineContext

/** What a coroutine finds in its thread: thread-context elements, which are put in place around code that runs there. */
internal class ThreadSurroundings(
    private val elements: List<ThreadContextElement<Any?>>,
) {
    fun <T> around(
        context: CoroutineContext,
        action: () -> T,
    ): T = around(context, 0, action)

    private fun <T> around(
        context: CoroutineContext,
        from: Int,
        action: () -> T,
    ): T {
        if (from == elements.size) return action()
        val element = elements[from]
        val before = element.updateThreadContext(context)
        try {
            return around(context, from + 1, action)
        } finally {
            element.restoreThreadContext(context, before)
        }
    }

    /** These as a coroutine inside of this one has them. */
    @OptIn(DelicateCoroutinesApi::class, ExperimentalCoroutinesApi::class)
    fun copied(): ThreadSurroundings {
        if (elements.none { it is CopyableThreadContextElement<*> }) return this
        @Suppress("UNCHECKED_CAST") // a copy has the same state
        return ThreadSurroundings(
            elements.map {
                if (it is CopyableThreadContextElement<*>) it.copyForChild() as ThreadContextElement<Any?> else it
            },
        )
    }

    /** [context] with these in place of its own. */
    fun within(context: CoroutineContext): CoroutineContext = elements.fold(context, CoroutineContext::plus)

    companion object {
        /** Null if there is nothing of the kind. */
        fun of(context: CoroutineContext): ThreadSurroundings? =
            context
                .fold(null as MutableList<ThreadContextElement<Any?>>?) { found, element ->
                    if (element is ThreadContextElement<*> && element !is Nesting) {
                        @Suppress("UNCHECKED_CAST") // it gets what it returned
                        (found ?: ArrayList()).apply { add(element as ThreadContextElement<Any?>) }
                    } else {
                        found
                    }
                }?.let(::ThreadSurroundings)
    }
}

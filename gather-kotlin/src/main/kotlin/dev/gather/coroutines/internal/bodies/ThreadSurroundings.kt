package dev.gather.coroutines.internal.bodies

import dev.gather.threads.BodyContext
import dev.gather.threads.OfThread
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

    /** The same for code in Java, which runs for this coroutine on another thread. */
    fun forOthers(context: CoroutineContext): BodyContext = BodyContext { copied().enter(context) }

    private fun enter(context: CoroutineContext): Runnable {
        val before = ArrayList<Any?>(elements.size)

        fun restore() {
            for (i in before.indices.reversed()) elements[i].restoreThreadContext(context, before[i])
        }
        try {
            for (element in elements) before.add(element.updateThreadContext(context))
        } catch (e: Throwable) {
            restore()
            throw e
        }
        return Runnable(::restore)
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
        /** What code in Java is to find that runs for a coroutine in this context; null for nothing. */
        fun forOthers(context: CoroutineContext): BodyContext? = of(context)
            ?.elements
            ?.filterNot(::isOfThread)
            ?.takeUnless { it.isEmpty() }
            ?.let { ThreadSurroundings(it).forOthers(context) }

        /** What says where a thread is, which is nowhere else; and the number that a debugger has given to a coroutine. */
        private fun isOfThread(element: CoroutineContext.Element) =
            element is OfThread || element.javaClass.name == "kotlinx.coroutines.CoroutineId"

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

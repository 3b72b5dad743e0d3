package dev.gather.coroutines.internal.bodies

import dev.gather.threads.BodyContext
import dev.gather.threads.OfThread
import kotlinx.coroutines.CopyableThreadContextElement
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.ThreadContextElement
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext

/** What a coroutine has in its thread, for code in Java that runs for it on another. */
internal class ElementForOthers private constructor(
    private val element: ThreadContextElement<Any?>,
    /** That of the coroutine, without its job: this may be kept for longer. */
    private val context: CoroutineContext,
) : BodyContext {
    override fun install(): Runnable {
        val before = element.updateThreadContext(context)
        return Runnable { element.restoreThreadContext(context, before) }
    }

    companion object {
        /**
         * All elements of a coroutine that the calling thread runs, in the order in which they are there.
         *
         * @return `null` for nothing
         */
        fun all(context: CoroutineContext): BodyContext? {
            if (ThreadSurroundings.of(context) == null) return null
            val elements = context.fold(ArrayList<CoroutineContext.Element>()) { all, it -> all.apply { add(it) } }
            val lasting: CoroutineContext =
                elements.filterNot { it is Job || it is OfThread }.fold(EmptyCoroutineContext, CoroutineContext::plus)
            return elements.fold(null) { outer: BodyContext?, it -> BodyContext.both(outer, of(it, lasting)) }
        }

        private fun of(
            element: CoroutineContext.Element,
            context: CoroutineContext,
        ): BodyContext? =
            when {
                element is OfThread -> element.forOthers()
                element !is ThreadContextElement<*> || isNumber(element) -> null
                else -> of(element, context)
            }

        /** Of one that is copied for a child it is a copy, of which each body has its own, made inside of the first. */
        @OptIn(DelicateCoroutinesApi::class, ExperimentalCoroutinesApi::class)
        private fun of(
            element: ThreadContextElement<*>,
            context: CoroutineContext,
        ): BodyContext? {
            if (element !is CopyableThreadContextElement<*>) return ElementForOthers(untyped(element), context)
            val captured = element.copyForChild()
            return BodyContext.both(ElementForOthers(untyped(captured), context)) {
                ElementForOthers(untyped(captured.copyForChild()), context).install()
            }
        }

        @Suppress("UNCHECKED_CAST") // it gets what it returned
        private fun untyped(element: ThreadContextElement<*>) = element as ThreadContextElement<Any?>

        /** That which a debugger gives to a coroutine, and shows in the name of its thread. */
        private fun isNumber(element: CoroutineContext.Element) =
            element.javaClass.name == "kotlinx.coroutines.CoroutineId"
    }
}

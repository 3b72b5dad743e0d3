package dev.gather.coroutines.internal.bodies

import kotlinx.coroutines.Deferred
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.createCoroutineUnintercepted
import kotlin.coroutines.intrinsics.startCoroutineUninterceptedOrReturn
import kotlin.coroutines.jvm.internal.CoroutineStackFrame

/** What a gather does with one item. */
internal interface Body {
    /** Starts it; returns its value or COROUTINE_SUSPENDED. */
    fun start(
        item: Any?,
        worker: SuspendWorker,
    ): Any?

    /** The same as a coroutine that is seen from outside, and not started; its value goes to the worker. */
    fun create(
        item: Any?,
        worker: SuspendWorker,
    ): Continuation<Unit>

    companion object {
        /** Awaits a deferred. */
        val AWAIT: Body = OfItem { (it as Deferred<*>).awaitOwned() }

        /** The item is the body. */
        val LAMBDA: Body =
            OfTask {
                @Suppress("UNCHECKED_CAST")
                it as suspend () -> Any?
            }
    }

    /** Calls a function with the item. */
    class OfItem(
        private val function: suspend (Any?) -> Any?,
    ) : Body {
        /**
         * The same as the compiler has it, if it is a lambda. The standard way asks each time whether it is one, and JDKs
         * before 23 write down the answer where all threads read what class it is.
         */
        @Suppress("UNCHECKED_CAST")
        private val lambda = if (function is Continuation<*> &&
            function is CoroutineStackFrame
        ) {
            function as (Any?, Continuation<Any?>) -> Any?
        } else {
            null
        }

        override fun start(
            item: Any?,
            worker: SuspendWorker,
        ): Any? =
            if (lambda != null) {
                lambda.invoke(item, worker)
            } else {
                function.startCoroutineUninterceptedOrReturn(item, worker)
            }

        override fun create(
            item: Any?,
            worker: SuspendWorker,
        ): Continuation<Unit> = function.createCoroutineUnintercepted(item, worker)
    }

    /** The function is in the item. */
    class OfTask(
        private val function: (Any?) -> suspend () -> Any?,
    ) : Body {
        override fun start(
            item: Any?,
            worker: SuspendWorker,
        ): Any? = function(item).startCoroutineUninterceptedOrReturn(worker)

        override fun create(
            item: Any?,
            worker: SuspendWorker,
        ): Continuation<Unit> = function(item).createCoroutineUnintercepted(worker)
    }
}

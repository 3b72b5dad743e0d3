package dev.gather.bridge.internal

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Runnable
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext

/** A call that a thread waits for, now and then or until its end. */
internal interface WaitedFor {
    val inbox: Inbox

    /** That of the thread that waits, if it is one of a door's. */
    val dispatcherOfWaiter: ContinuationInterceptor?
}

/**
 * What a thread waits for. Where it is itself a thread of the dispatcher of the call that it waits for, the call runs
 * on it meanwhile: there may be no other.
 */
internal class Inbox(
    private val calls: Calls,
) {
    private val arrived = LinkedBlockingQueue<Any>()

    /** Dispatched, and not begun. */
    private val pending = LinkedHashSet<Turn>() // guarded by this

    /** How many threads of the dispatcher are waiting. */
    private var helpers = 0 // guarded by this

    fun put(message: Any) {
        arrived.add(message)
    }

    /** Waits for the next message, after [begin]: what that leads to may run here. */
    @Throws(InterruptedException::class)
    fun take(begin: () -> Unit = {}): Any {
        if (!calls.isOnItsDispatcher()) {
            begin()
            return next()
        }
        synchronized(this) {
            helpers++
            arrived.addAll(pending)
        }
        try {
            begin()
            return next()
        } finally {
            leave()
        }
    }

    private fun next(): Any {
        while (true) {
            val next = arrived.take()
            if (next is Turn) next.run() else return next
        }
    }

    /** Likewise, for who has cancelled the call already: an interrupt has nothing to add. */
    fun takeAnyway(): Any {
        var isInterrupted = false
        while (true) {
            try {
                return take().also { if (isInterrupted) Thread.currentThread().interrupt() }
            } catch (_: InterruptedException) {
                isInterrupted = true
            }
        }
    }

    private fun leave() {
        val left =
            synchronized(this) {
                if (--helpers > 0) return
                arrived.filterIsInstance<Turn>().also { arrived.removeAll(it.toSet()) }
            }
        left.forEach { it.send() }
    }

    private val isHelped: Boolean get() = synchronized(this) { helpers > 0 }

    private fun needsDispatch(context: CoroutineContext) =
        (calls.dispatcher as? CoroutineDispatcher)?.isDispatchNeeded(context) ?: true

    /** Runs the call on the thread that waits, if that may, or where the door has it. */
    val dispatcher: CoroutineDispatcher =
        object : CoroutineDispatcher() {
            override fun isDispatchNeeded(context: CoroutineContext): Boolean = isHelped || needsDispatch(context)

            override fun dispatch(
                context: CoroutineContext,
                block: Runnable,
            ) {
                val turn = Turn(context, block)
                val isHere =
                    synchronized(this@Inbox) {
                        pending.add(turn)
                        (helpers > 0).also { if (it) arrived.add(turn) }
                    }
                if (!isHere) turn.send()
            }

            override fun equals(other: Any?): Boolean = other === this || other == calls.dispatcher

            override fun hashCode(): Int = calls.dispatcher.hashCode()

            override fun toString() = calls.dispatcher.toString()
        }

    /** It may stand in two queues, and runs from one. */
    private inner class Turn(
        private val context: CoroutineContext,
        private val block: Runnable,
    ) : AtomicBoolean(),
        Runnable {
        override fun run() {
            if (getAndSet(true)) return
            synchronized(this@Inbox) { pending.remove(this) }
            block.run()
        }

        fun send() {
            val target = calls.dispatcher
            if (target is CoroutineDispatcher && needsDispatch(context)) target.dispatch(context, this) else run()
        }
    }
}

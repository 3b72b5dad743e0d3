package dev.gather.bridge.internal

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Runnable
import java.util.concurrent.LinkedBlockingQueue
import kotlin.coroutines.CoroutineContext

/**
 * What one thread waits for. Where it is itself a thread of the dispatcher of the call that it waits for, the call runs
 * on it meanwhile: there may be no other.
 */
internal class Inbox {
    private val arrived = LinkedBlockingQueue<Any>()

    fun put(message: Any) {
        arrived.add(message)
    }

    /** The next message. */
    @Throws(InterruptedException::class)
    fun take(): Any {
        while (true) {
            val next = arrived.take()
            if (next is Turn) next.block.run() else return next
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

    /** Runs a coroutine on the thread that waits. */
    val dispatcher: CoroutineDispatcher =
        object : CoroutineDispatcher() {
            override fun dispatch(
                context: CoroutineContext,
                block: Runnable,
            ) = put(Turn(block))

            override fun toString() = "a thread that waits for a call"
        }

    private class Turn(
        val block: Runnable,
    )
}

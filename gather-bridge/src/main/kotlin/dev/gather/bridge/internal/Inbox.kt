package dev.gather.bridge.internal

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.ExecutorCoroutineDispatcher
import kotlinx.coroutines.Runnable
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.time.Duration.Companion.seconds

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
    lateinit var call: DoorCoroutine<*>

    private val lock = ReentrantLock()
    private val change = lock.newCondition()
    private val messages = ArrayDeque<Any>() // guarded by lock

    /** Dispatched, and not begun. */
    private val turns = LinkedHashSet<Turn>() // guarded by lock

    /** How many turns have begun. */
    private var begun = 0L // guarded by lock

    /** How many threads of the dispatcher are waiting. */
    private var helpers = 0 // guarded by lock

    val isHelped: Boolean get() = lock.withLock { helpers > 0 }

    fun put(message: Any) =
        lock.withLock {
            messages.add(message)
            change.signalAll()
        }

    /**
     * Waits for the next message, after [begin]: what that leads to may run here.
     *
     * @throws IllegalStateException if this waits for its own thread, as far as one can tell
     */
    @Throws(InterruptedException::class)
    fun take(begin: () -> Unit = {}): Any {
        if (!calls.isOnItsDispatcher()) return takeFromElsewhere(begin)
        lock.withLock { helpers++ }
        HELPERS.incrementAndGet()
        try {
            begin()
            while (true) {
                val next = nextHere()
                if (next is Turn) next.run() else return next
            }
        } finally {
            HELPERS.decrementAndGet()
            leave()
        }
    }

    private fun nextHere(): Any =
        lock.withLock {
            while (messages.isEmpty() && turns.isEmpty()) change.await()
            messages.removeFirstOrNull() ?: turns.first().also(turns::remove)
        }

    private fun takeFromElsewhere(begin: () -> Unit): Any {
        val before = lock.withLock { begun }
        begin()
        if (calls.threads.mayBeHere()) lock.withLock { waitOrStuck(before) }?.let(::giveUp)
        return lock.withLock { waitForMessage() }
    }

    private fun waitForMessage(): Any {
        while (messages.isEmpty()) change.await()
        return messages.removeFirst()
    }

    /** The turn that has been waiting for a thread all the time, while none has begun; null if there is a message. */
    private fun waitOrStuck(begunBefore: Long): Turn? {
        while (messages.isEmpty() && begun == begunBefore) {
            val first = turns.firstOrNull()
            val isInTime = change.awaitNanos(PATIENCE.inWholeNanoseconds) > 0
            if (!isInTime && first != null && first === turns.firstOrNull() && messages.isEmpty()) return first
        }
        return null
    }

    /** Lets the call fail; one that has not begun never does, and one that has ends when there is a thread for it. */
    private fun giveUp(turn: Turn) {
        val error = IllegalStateException(
            "$calls has had no thread for $PATIENCE, and may wait for the one that waits for it: " +
                "${Thread.currentThread()} seems to be one of its dispatcher, ${calls.dispatcher}. " +
                "In a coroutine call the suspend function itself, elsewhere use another thread",
        )
        val isFirst = lock.withLock { begun == 0L }
        call.breakOff(call.context, error)
        if (!isFirst || !turn.run()) throw error
    }

    /** Likewise, for who has cancelled the call already: an interrupt has nothing to add. */
    fun takeAnyway(): Any {
        var isInterrupted = false
        try {
            while (true) {
                try {
                    return take()
                } catch (_: InterruptedException) {
                    isInterrupted = true
                }
            }
        } finally {
            if (isInterrupted) Thread.currentThread().interrupt()
        }
    }

    private fun leave() {
        val left = lock.withLock { if (--helpers > 0) emptyList() else turns.toList() }
        left.forEach { it.send() }
    }

    private fun needsDispatch(context: CoroutineContext) =
        (calls.dispatcher as? CoroutineDispatcher)?.isDispatchNeeded(context) ?: true

    /** Whether that is what this stands for. */
    fun isOver(other: ContinuationInterceptor?): Boolean = calls.threads.isSame(other)

    /** Runs the call on the thread that waits, if that may, or where the door has it. */
    val dispatcher: CoroutineDispatcher =
        object : CoroutineDispatcher() {
            override fun isDispatchNeeded(context: CoroutineContext): Boolean = isHelped || needsDispatch(context)

            override fun dispatch(
                context: CoroutineContext,
                block: Runnable,
            ) {
                val turn = Turn(context, block)
                val isHelped =
                    lock.withLock {
                        turns.add(turn)
                        change.signalAll()
                        helpers > 0
                    }
                if (isHelped) turn.offer() else turn.send()
            }

            override fun equals(other: Any?): Boolean = other === this || other == calls.dispatcher

            override fun hashCode(): Int = calls.dispatcher.hashCode()

            override fun toString() = calls.dispatcher.toString()
        }

    /** It may be there for several threads, and runs on one. */
    private inner class Turn(
        private val context: CoroutineContext,
        private val block: Runnable,
    ) : AtomicBoolean() {
        @Volatile private var isSent = false

        /** Returns whether it was this that has run it. */
        fun run(): Boolean {
            if (getAndSet(true)) return false
            lock.withLock {
                turns.remove(this)
                begun++
            }
            block.run()
            return true
        }

        /** The thread that waits may be busy in the body: where there are others, each is as good. */
        fun offer() {
            val target = calls.dispatcher
            when {
                calls.threads.areShared -> send()
                target is ExecutorCoroutineDispatcher ->
                    try {
                        target.executor.execute(::run)
                        isSent = true
                    } catch (_: RejectedExecutionException) {
                        // it takes no more, and who waits is there
                    }
            }
        }

        fun send() {
            if (isSent || get()) return
            val target = calls.dispatcher
            isSent = true
            if (target is CoroutineDispatcher && needsDispatch(context)) target.dispatch(context) { run() } else run()
        }
    }

    companion object {
        /** How long a call may wait for a thread, where that may be the one that waits for the call. */
        val PATIENCE = 5.seconds

        private val HELPERS = AtomicInteger()

        /** What a call of this door is to run on that is made inside of one for which a thread of its own waits. */
        fun around(calls: Calls): Inbox? {
            if (HELPERS.get() == 0) return null
            return futures.surroundings().firstNotNullOfOrNull { outer ->
                (outer as? WaitedFor)?.inbox?.takeIf { it.isOver(calls.dispatcher) && it.isHelped }
            }
        }
    }
}

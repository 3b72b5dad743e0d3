package dev.gather.bridge.internal

import kotlinx.coroutines.CoroutineDispatcher
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.withLock
import kotlin.coroutines.ContinuationInterceptor
import kotlin.time.Duration.Companion.seconds

/** A call that a thread waits for, now and then or until its end. */
internal interface WaitedFor {
    val inbox: Inbox

    /** That of the thread that waits, if it is one of a door's. */
    val dispatcherOfWaiter: ContinuationInterceptor?

    /** Whether who waits may not be who has waited when it began. */
    val changesHands: Boolean

    fun cancelCoroutine(cause: Throwable?): Boolean

    /** Who waits has been interrupted, and wants it no more. Called once or more. */
    fun cancelByWaiter()
}

/**
 * What a thread waits for. Where it is itself a thread of the dispatcher of the call that it waits for, the call runs
 * on it meanwhile: there may be no other.
 */
internal class Inbox(
    private val calls: Calls,
) {
    private val turns = Turns(calls)
    private val lock = turns.lock
    private val change = turns.change
    private val messages = ArrayDeque<Any>() // guarded by lock

    /** Of the call. */
    val dispatcher: CoroutineDispatcher get() = turns.dispatcher

    val isHelped: Boolean get() = turns.isHelped

    /** Whether that is what the [dispatcher] stands for. */
    fun isOver(other: ContinuationInterceptor?): Boolean = calls.threads.isSame(other)

    fun put(message: Any) =
        lock.withLock {
            messages.add(message)
            change.signalAll()
        }

    /**
     * Waits for the next message to a call, after [begin]: what that leads to may run here.
     *
     * @throws IllegalStateException if this waits for its own thread, as far as one can tell
     */
    @Throws(InterruptedException::class)
    fun take(
        call: WaitedFor,
        begin: () -> Unit = {},
    ): Any {
        if (!calls.isOnItsDispatcher()) return takeFromElsewhere(call, begin)
        turns.helperComes()
        HELPERS.incrementAndGet()
        try {
            begin()
            var isWaiting = false // not where the call ends at once
            while (true) {
                val next = nextHere(isWaiting)
                if (next is Turns.Turn) next.run() else return next
                isWaiting = true
            }
        } catch (e: InterruptedException) {
            call.cancelByWaiter() // what is left may run in here when this leaves
            throw e
        } finally {
            HELPERS.decrementAndGet()
            turns.helperLeaves()
        }
    }

    private fun nextHere(isWaiting: Boolean): Any =
        lock.withLock {
            while (messages.isEmpty()) {
                // Also where there is always something to run.
                if (isWaiting && Thread.interrupted()) throw InterruptedException()
                turns.first()?.let { return@withLock it }
                change.await()
            }
            messages.removeFirst()
        }

    private fun takeFromElsewhere(
        call: WaitedFor,
        begin: () -> Unit,
    ): Any {
        val before = lock.withLock { turns.begun }
        begin()
        if (calls.threads.mayNotBeKnown && (before == 0L || call.changesHands)) {
            val stuck = lock.withLock { waitOrStuck(before) }
            if (stuck != null && calls.threads.mayBeHere()) giveUp(call, stuck)
        }
        return lock.withLock { waitForMessage() }
    }

    private fun waitForMessage(): Any {
        while (messages.isEmpty()) change.await()
        return messages.removeFirst()
    }

    /** The turn that has been waiting for a thread all the time, while none has begun; null if there is a message. */
    private fun waitOrStuck(begunBefore: Long): Turns.Turn? {
        while (messages.isEmpty() && turns.begun == begunBefore) {
            val first = turns.first()
            val isInTime = change.awaitNanos(PATIENCE.inWholeNanoseconds) > 0
            if (!isInTime && first != null && first === turns.first() && messages.isEmpty()) return first
        }
        return null
    }

    /** Lets the call fail; one that has not begun never does, and one that has ends when there is a thread for it. */
    private fun giveUp(
        call: WaitedFor,
        turn: Turns.Turn,
    ) {
        val error = IllegalStateException(
            "$calls has had no thread for $PATIENCE, and may wait for the one that waits for it: " +
                "${Thread.currentThread()} may be one of its dispatcher, ${calls.dispatcher}. " +
                "In a coroutine call the suspend function itself, elsewhere use another thread",
        )
        if (lock.withLock { turns.begun > 0 }) {
            if (!call.changesHands) return
            call.cancelCoroutine(error)
            throw error
        }
        turn.run { call.cancelCoroutine(error) }
    }

    /** Likewise, for who has cancelled the call already: an interrupt has nothing to add. */
    fun takeAnyway(call: WaitedFor): Any {
        var isInterrupted = false
        try {
            while (true) {
                try {
                    return take(call)
                } catch (_: InterruptedException) {
                    isInterrupted = true
                }
            }
        } finally {
            if (isInterrupted) Thread.currentThread().interrupt()
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

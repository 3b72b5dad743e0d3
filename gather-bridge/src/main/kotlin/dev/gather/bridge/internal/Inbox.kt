package dev.gather.bridge.internal

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExecutorCoroutineDispatcher
import kotlinx.coroutines.MainCoroutineDispatcher
import kotlinx.coroutines.Runnable
import kotlinx.coroutines.isActive
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

    /** Whether who waits may not be who has waited when it began. */
    val changesHands: Boolean

    fun cancelCoroutine(cause: Throwable?): Boolean

    /** The thread that waits has been interrupted: cancels the call. Called once or more. */
    fun interrupted()
}

/**
 * What a thread waits for. Where it is itself a thread of the dispatcher of the call that it waits for, the call runs
 * on it meanwhile: there may be no other.
 */
internal class Inbox(
    private val calls: Calls,
) {
    private val lock = ReentrantLock()
    private val change = lock.newCondition()
    private val messages = ArrayDeque<Any>() // guarded by lock

    /** Dispatched, and not begun. */
    private val turns = LinkedHashSet<Turn>() // guarded by lock

    /** How many turns have begun. */
    private var begun = 0L // guarded by lock

    /** How many threads of the dispatcher are waiting. */
    private var helpers = 0 // guarded by lock

    /** How many that have been sent to the dispatcher have not arrived there. */
    private var pokes = 0 // guarded by lock

    val isHelped: Boolean get() = lock.withLock { helpers > 0 }

    fun put(message: Any) =
        lock.withLock {
            messages.add(message)
            change.signalAll()
        }

    // ---- who waits

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
        lock.withLock { helpers++ }
        HELPERS.incrementAndGet()
        try {
            begin()
            var isWaiting = false // not where the call ends at once
            while (true) {
                val next = nextHere(isWaiting)
                if (next is Turn) next.run() else return next
                isWaiting = true
            }
        } catch (e: InterruptedException) {
            call.interrupted() // what is left may run in here when this leaves
            throw e
        } finally {
            HELPERS.decrementAndGet()
            leave()
        }
    }

    private fun nextHere(isWaiting: Boolean): Any =
        lock.withLock {
            while (messages.isEmpty()) {
                // Also where there is always something to run.
                if (isWaiting && Thread.interrupted()) throw InterruptedException()
                if (turns.isNotEmpty()) return@withLock turns.first().also(turns::remove)
                change.await()
            }
            messages.removeFirst()
        }

    private fun leave() {
        val left = lock.withLock { if (--helpers > 0) emptyList() else turns.toList() }
        left.forEach { it.send() }
    }

    private fun takeFromElsewhere(
        call: WaitedFor,
        begin: () -> Unit,
    ): Any {
        val before = lock.withLock { begun }
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
    private fun waitOrStuck(begunBefore: Long): Turn? {
        while (messages.isEmpty() && begun == begunBefore) {
            val first = turns.firstOrNull()
            val isInTime = change.awaitNanos(PATIENCE.inWholeNanoseconds) > 0
            if (!isInTime && first != null && first === turns.firstOrNull() && messages.isEmpty()) return first
        }
        return null
    }

    /** Lets the call fail; one that has not begun never does, and one that has ends when there is a thread for it. */
    private fun giveUp(
        call: WaitedFor,
        turn: Turn,
    ) {
        val error = IllegalStateException(
            "$calls has had no thread for $PATIENCE, and may wait for the one that waits for it: " +
                "${Thread.currentThread()} seems to be one of its dispatcher, ${calls.dispatcher}. " +
                "In a coroutine call the suspend function itself, elsewhere use another thread",
        )
        if (lock.withLock { begun > 0 }) {
            if (!call.changesHands) return
            call.cancelCoroutine(error)
            throw error
        }
        turn.runInstead { call.cancelCoroutine(error) }
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

    // ---- what runs

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
        val context: CoroutineContext,
        private val block: Runnable,
    ) : AtomicBoolean() {
        fun run() {
            if (begins()) block.run()
        }

        fun runInstead(first: () -> Unit) {
            if (!begins()) return
            first()
            block.run()
        }

        /** False if it has begun. */
        private fun begins(): Boolean {
            if (getAndSet(true)) return false
            lock.withLock {
                turns.remove(this)
                begun++
            }
            return true
        }

        /** Where nothing is dispatched. Who yields there goes on without a turn, or each would be inside of the one before. */
        private fun runHere() {
            if (!begins()) return
            try {
                if (calls.dispatcher === Dispatchers.Unconfined) return Dispatchers.Unconfined.dispatch(context, block)
            } catch (_: UnsupportedOperationException) {
                // it was not to yield
            }
            block.run()
        }

        /** To the dispatcher, which has to run it. */
        fun send() {
            if (get()) return
            val target = calls.dispatcher
            if (target !is CoroutineDispatcher || !needsDispatch(context)) return runHere()
            if (isPokeMissing()) target.dispatch(context, Poke(this, isOffer = false))
        }

        /**
         * To the dispatcher as well, since the thread that waits may be busy in the body. A main dispatcher has no other
         * thread, and what is in virtual time need not be told.
         */
        fun offer() {
            val target = calls.dispatcher
            if (calls.isVirtual || target is MainCoroutineDispatcher) return
            if (target !is CoroutineDispatcher || !needsDispatch(context) || !isPokeMissing()) return
            val poke = Poke(this, isOffer = true)
            try {
                // Where an executor refuses it the call goes on all the same, on the thread that waits.
                if (target is ExecutorCoroutineDispatcher) {
                    target.executor.execute(
                        poke,
                    )
                } else {
                    target.dispatch(context, poke)
                }
            } catch (_: RejectedExecutionException) {
                lock.withLock { pokes-- }
            }
            poke.isSent = true
        }
    }

    /** No more of them than there are turns: they stay in a queue until a thread comes, which may be the one that waits. */
    private fun isPokeMissing() = lock.withLock { (pokes < turns.size).also { if (it) pokes++ } }

    /** Is sent to the dispatcher, and runs what there is to run when it arrives. */
    private inner class Poke(
        private val turn: Turn,
        private val isOffer: Boolean,
    ) : Runnable {
        private val sender = Thread.currentThread()

        @Volatile var isSent = false

        override fun run() {
            // Who has offered it is in the middle of something, and comes to that later.
            val isHere = isOffer && !isSent && Thread.currentThread() === sender
            val next =
                lock.withLock {
                    pokes--
                    if (turn in turns) turn else turns.firstOrNull()
                }
            if (isHere) return
            if (turn.context.isActive) calls.threads.noteHere() // else it may be that this was refused
            next?.run()
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

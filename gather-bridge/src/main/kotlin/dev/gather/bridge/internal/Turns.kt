package dev.gather.bridge.internal

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExecutorCoroutineDispatcher
import kotlinx.coroutines.MainCoroutineDispatcher
import kotlinx.coroutines.Runnable
import kotlinx.coroutines.isActive
import java.util.concurrent.ExecutorService
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock
import kotlin.coroutines.CoroutineContext

/** What a call dispatches that a thread waits for: it runs on that thread, if that may, or where the door has it. */
internal class Turns(
    private val calls: Calls,
) {
    val lock = ReentrantLock()

    /** Of anything that a thread may wait for. */
    val change = lock.newCondition()

    /** Dispatched, and not begun. */
    private val turns = LinkedHashSet<Turn>() // guarded by lock

    /** How many turns have begun. */
    var begun = 0L // guarded by lock
        private set

    /** How many threads of the dispatcher are waiting. */
    private var helpers = 0 // guarded by lock

    /** How many that have been sent to the dispatcher have not arrived there. */
    private var pokes = 0 // guarded by lock

    val isHelped: Boolean get() = lock.withLock { helpers > 0 }

    fun helperComes() = lock.withLock { helpers++ }

    /** What is left is for the dispatcher. */
    fun helperLeaves() {
        val left = lock.withLock { if (--helpers > 0) emptyList() else turns.toList() }
        left.forEach { it.send() }
    }

    /** The one that has been waiting the longest; with the [lock]. */
    fun first(): Turn? = turns.firstOrNull()

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
    inner class Turn(
        val context: CoroutineContext,
        private val block: Runnable,
    ) : AtomicBoolean() {
        /** Runs it unless it has begun. */
        fun run(first: () -> Unit = {}) {
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
            // What one that is shut down has in its queue may have been thrown away: it is to refuse this.
            if (isPokeMissing(isShutDown(target))) target.dispatch(context, Poke(this, isOffer = false))
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
                when (target) {
                    is ExecutorCoroutineDispatcher -> target.executor.execute(poke)
                    else -> target.dispatch(context, poke)
                }
            } catch (_: RejectedExecutionException) {
                lock.withLock { pokes-- }
            }
            poke.isSent = true
        }
    }

    /** No more of them than there are turns: they stay in a queue until a thread comes, which may be the one that waits. */
    private fun isPokeMissing(isLost: Boolean = false) =
        lock.withLock { (isLost || pokes < turns.size).also { if (it) pokes++ } }

    private fun isShutDown(target: CoroutineDispatcher) =
        ((target as? ExecutorCoroutineDispatcher)?.executor as? ExecutorService)?.isShutdown == true

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
            // Where it is refused, or nobody has room for it, it may be that who has sent it runs it.
            if (turn.context.isActive && Thread.currentThread() !== sender) calls.threads.noteHere()
            next?.run()
        }
    }
}

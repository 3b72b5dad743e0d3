package dev.gather.coroutines.internal.bodies

import dev.gather.coroutines.internal.cells.Covers
import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.Threads
import dev.gather.coroutines.internal.run.Threads.From
import dev.gather.spi.CallerContext
import dev.gather.threads.BodyThreads
import dev.gather.threads.DaemonThreads
import dev.gather.threads.Station
import java.util.Collections
import java.util.IdentityHashMap
import java.util.concurrent.Executor
import java.util.concurrent.ExecutorService
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong

/** That the system has no more threads is no worse than that a pool has none. */
private fun asRefusal(error: Throwable): Throwable =
    if (error is OutOfMemoryError && error.message?.contains("native thread") == true) {
        RejectedExecutionException("there are no more threads", error)
    } else {
        error
    }

/** The threads of Gather's own executors, which never refuse, never queue and never block. */
internal class ElasticThreads private constructor(
    private val executor: Executor,
    override val isForOne: Boolean,
) : Threads {
    override val hasOthers: Boolean get() = true
    override val ahead: Int = Runtime.getRuntime().availableProcessors()
    override val isQueue: Boolean get() = false

    override fun send(
        run: Run,
        from: From,
    ) {
        try {
            executor.execute(ThreadWorker(run, run.bodies as ThreadBodies))
        } catch (refusal: Throwable) {
            run.helpers.refused(run, asRefusal(refusal))
        }
        run.helpers.sent()
    }

    override fun asNobody(action: Runnable) = action.run()

    override fun leave() {}

    companion object {
        private val SHARED = ElasticThreads(BodyThreads.EXECUTOR, isForOne = false)
        private val FRESH = ElasticThreads(BodyThreads.FRESH, isForOne = true)

        /** Null if the executor is none of these. */
        fun of(
            executor: Executor,
            isolated: Boolean,
        ): Threads? =
            when (executor) {
                BodyThreads.EXECUTOR -> if (isolated) FRESH else SHARED
                BodyThreads.FRESH -> FRESH
                else -> null
            }
    }
}

/** To the executor each task is one of its own, be it run on the spot: whoever sends it is at the bottom of a stack. */
internal class ThreadsForOne(
    private val threads: Threads,
) : Threads by threads {
    override val isForOne: Boolean get() = true

    override fun asNobody(action: Runnable) = DaemonThreads.EXECUTOR.execute(action)
}

/**
 * The threads of an executor of the user. It may refuse, run things on the spot, or block whoever sends it something,
 * and it may copy what it finds in the thread of that one; so it is called by the caller or by a body of the gather,
 * and where neither is there, by a thread with nothing in it but the caller's context.
 */
internal class ExecutorThreads(
    private val executor: Executor,
    private val bodies: ThreadBodies,
    private val context: CallerContext,
    /** What an executor shows to people. */
    private val label: String,
) : Threads {
    /** How many helpers it has, waiting or at work, and those that it may still refuse or keep waiting. */
    private val inside = AtomicInteger()

    /** Since when the executor is being asked to take the last one; 0 if it is not. */
    private val asked = AtomicLong()

    /**
     * Whether it has taken a second one while it had the first, or runs things on the spot: then a worker that sends
     * one does not wait for its own thread.
     */
    @Volatile private var hasRoom = false

    /** Whether it runs things on the spot. */
    @Volatile private var isInline = false

    /** What helpers find when they arrive: nothing where the run is over. An executor may keep them for long. */
    private val home = Home()

    override val hasOthers: Boolean get() = true
    override val ahead: Int get() = 1
    override val isQueue: Boolean get() = true

    override val service: ExecutorService? get() = executor as? ExecutorService
    override val isClosed: Boolean get() = bodies.isClosed || super.isClosed

    override val isKeptWaiting: Boolean
        get() {
            val since = asked.get()
            return since != 0L && System.nanoTime() - since >= KEPT_WAITING
        }

    override fun send(
        run: Run,
        from: From,
    ) {
        when {
            !from.isWorker -> sendHere(run, from)

            hasRoom && Senders.enter(executor) ->
                try {
                    sendHere(run, from)
                } finally {
                    Senders.leave(executor)
                }

            else -> DaemonThreads.EXECUTOR.execute { sendHere(run, From.NOBODY) }
        }
    }

    private fun sendHere(
        run: Run,
        from: From,
    ) {
        if (!home.enter(run, this)) { // it is over
            run.helpers.sentBack(run)
            return run.helpers.sent()
        }
        val helper = Sent(home, label)
        if (from.isWorker) helper.sender = Thread.currentThread()
        helper.caller = Thread.currentThread()
        inside.incrementAndGet()
        val since = System.nanoTime()
        asked.set(since)
        var refusal: Throwable? = null
        try {
            if (from == From.NOBODY) context.around { executor.execute(helper) } else executor.execute(helper)
        } catch (e: Throwable) {
            refusal = e
        }
        helper.caller = null // later it may come round on the same thread as well
        helper.sender = null
        if (refusal != null && helper.take()) inside.decrementAndGet() else refusal = null
        if (refusal != null) run.helpers.refused(run, asRefusal(refusal)) // first: nobody makes way for that one
        asked.compareAndSet(since, 0)
        run.helpers.sent()
        if (refusal == null && inside.get() - run.helpers.sending() > 1) hasRoom = true
    }

    override fun asNobody(action: Runnable) {
        if (isInline) action.run() else DaemonThreads.EXECUTOR.execute(action)
    }

    override fun leave() {
        home.clear()
    }

    private fun arrive(
        run: Run,
        isSentBack: Boolean,
    ) {
        try {
            if (isSentBack) run.helpers.sentBack(run) else Station.around { run.helperStarted(bodies.newWorker(run)) }
        } finally {
            inside.decrementAndGet()
        }
    }

    private companion object {
        /** An executor that takes so long to take something is full, and blocks whoever brings it more. */
        const val KEPT_WAITING = 10_000_000L
    }

    /**
     * The executors that a worker is inside of right now to send a helper. One at a time: should the executor block it,
     * its other threads, of whatever gather, do not wait as well.
     */
    private object Senders {
        private val executors = Collections.newSetFromMap(IdentityHashMap<Executor, Boolean>()) // guarded by itself

        fun enter(executor: Executor): Boolean = synchronized(executors) { executors.add(executor) }

        fun leave(executor: Executor) {
            synchronized(executors) { executors.remove(executor) }
        }
    }

    /** Where helpers belong; empty when nobody waits for them any more. */
    private class Home {
        private class Inhabited(
            val run: Run,
            val threads: ExecutorThreads,
        )

        @Volatile private var inhabited: Inhabited? = null
        private var isClosed = false // guarded by this

        fun enter(
            run: Run,
            threads: ExecutorThreads,
        ): Boolean =
            synchronized(this) {
                if (!isClosed && inhabited == null) inhabited = Inhabited(run, threads)
                !isClosed
            }

        fun clear(): Unit =
            synchronized(this) {
                isClosed = true
                inhabited = null
            }

        fun arrive(isSentBack: Boolean) {
            val found = inhabited ?: return
            found.threads.arrive(found.run, isSentBack)
        }

        /** A helper has come, on the thread that sent it or on another. */
        fun knows(isInline: Boolean) {
            val threads = inhabited?.threads ?: return
            if (threads.isInline != isInline) threads.isInline = isInline
            if (isInline) threads.hasRoom = true
        }
    }

    private class Sent(
        private val home: Home,
        private val label: String,
    ) : AtomicBoolean(), // true once it has arrived: an executor may run things twice
        Runnable {
        /** The thread that is inside of execute: an executor that runs things inline comes back on it. */
        @Volatile var caller: Thread? = null

        /** The same, if it has a task to run. */
        @Volatile var sender: Thread? = null

        /** Whether the caller is the first to see it arrive or be refused. */
        fun take(): Boolean = !getAndSet(true)

        override fun run() {
            if (!take()) return
            val here = Thread.currentThread()
            if (caller === here) {
                home.knows(isInline = true)
                Covers.around { home.arrive(isSentBack = sender === here) }
            } else {
                home.knows(isInline = false)
                home.arrive(isSentBack = false)
            }
        }

        override fun toString(): String = label
    }
}

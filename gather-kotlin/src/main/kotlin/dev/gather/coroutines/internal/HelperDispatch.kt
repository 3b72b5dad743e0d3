package dev.gather.coroutines.internal

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.ThreadContextElement
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater
import kotlin.coroutines.CoroutineContext

/** Brings workers onto the caller's dispatcher, among the thread-context elements of the caller. */
internal class HelperDispatch(
    private val run: SuspendRun,
    private val dispatcher: CoroutineDispatcher,
) {
    private val surroundings: ThreadSurroundings? = ThreadSurroundings.of(run.context)

    /** The helper that was sent last. */
    @Volatile private var helper: Trip? = null

    /** Sends a helper. */
    fun call(first: Boolean) {
        Trip(this, null).also { helper = it }.send(dispatcher, isFromWorker = !first)
    }

    /** Nobody waits for the helper any more. */
    fun leaveHelper() {
        helper?.leave()
    }

    /** Lets a worker go on after whatever is waiting for its thread; false if it may go on at once. */
    fun goOn(worker: Worker): Boolean {
        val trip = Trip(this, worker)
        trip.send(dispatcher, isFromWorker = true)
        return !trip.isBack
    }

    /**
     * One dispatch of a helper, or of a [worker] that goes on: not as a coroutine, which would cost four
     * times as much. It is the context of its dispatch, that of the run but for the job, because a
     * dispatcher over an executor that refuses cancels the job in the context, silently, and moves the
     * dispatch elsewhere: with a job of its own that is noticed, and does not cancel the gather.
     */
    private class Trip(
        of: HelperDispatch,
        private val worker: Worker?,
    ) : Runnable,
        CoroutineContext {
        private val job = Job()

        /** Null once it has arrived or was left behind: it may be in a queue for long, and holds nothing there. */
        @Volatile private var of: HelperDispatch? = of

        /** Where it counts while it is left behind. */
        private var leftByThread: AtomicInteger? = null

        /** The thread that is inside the dispatch: an executor that runs things inline comes back on it. */
        @Volatile private var sender: Thread? = null

        var isBack = false // only used on the sender's thread
            private set

        fun send(
            to: CoroutineDispatcher,
            isFromWorker: Boolean,
        ) {
            if (isFromWorker) sender = Thread.currentThread()
            to.dispatch(this, this)
            sender = null // later it may come round on the same thread as well
        }

        fun leave() {
            leftByThread = leftByThisThread.get()
            if (OF.getAndSet(this, null) != null) leftByThread!!.incrementAndGet()
        }

        override fun run() {
            val of = OF.getAndSet(this, null)
            val surroundings = of?.surroundings
            when {
                of == null -> leftByThread!!.decrementAndGet()
                surroundings == null -> arrive(of.run)
                else -> surroundings.around(of.run.context) { arrive(of.run) }
            }
        }

        private fun arrive(run: SuspendRun) {
            val refusal = refusal()
            if (worker == null) {
                when {
                    refusal != null -> run.helperRefusedLater(refusal)
                    sender === Thread.currentThread() -> run.helperSentBack()
                    else -> run.helperStarted(run.newWorker())
                }
            } else {
                when {
                    refusal != null -> run.workerRefused(worker, refusal)
                    sender === Thread.currentThread() -> isBack = true
                    else -> run.drain(worker)
                }
            }
        }

        @OptIn(InternalCoroutinesApi::class)
        private fun refusal(): Throwable? {
            if (!job.isCancelled) return null
            val cancellation = job.getCancellationException()
            return cancellation.cause ?: RejectedExecutionException(cancellation)
        }

        // ---- the context of the dispatch

        @Suppress("UNCHECKED_CAST") // the only element with that key
        override fun <E : CoroutineContext.Element> get(key: CoroutineContext.Key<E>): E? =
            if (key === Job) job as E else of?.run?.context?.get(key)

        override fun <R> fold(
            initial: R,
            operation: (R, CoroutineContext.Element) -> R,
        ): R = whole().fold(initial, operation)

        override fun minusKey(key: CoroutineContext.Key<*>): CoroutineContext = whole().minusKey(key)

        private fun whole() = of?.run?.context?.plus(job) ?: job

        private companion object {
            private val OF: AtomicReferenceFieldUpdater<Trip, HelperDispatch?> =
                AtomicReferenceFieldUpdater.newUpdater(Trip::class.java, HelperDispatch::class.java, "of")
        }
    }

    companion object {
        private const val FEW = 64
        private val leftByThisThread = ThreadLocal.withInitial { AtomicInteger() }

        /**
         * A caller whose tasks never suspend does not give its thread back between one gather and the next,
         * so what it leaves behind in the queue of that thread adds up. Every so often it has to wait.
         */
        fun mayLeaveHelper(): Boolean = leftByThisThread.get().get() < FEW
    }
}

/** What a coroutine finds in its thread. */
internal class ThreadSurroundings(
    private val elements: List<ThreadContextElement<Any?>>,
) {
    fun around(
        context: CoroutineContext,
        action: () -> Unit,
    ) = around(context, 0, action)

    private fun around(
        context: CoroutineContext,
        from: Int,
        action: () -> Unit,
    ) {
        if (from == elements.size) return action()
        val element = elements[from]
        val before = element.updateThreadContext(context)
        try {
            around(context, from + 1, action)
        } finally {
            element.restoreThreadContext(context, before)
        }
    }

    companion object {
        /** Null if there is nothing of the kind. */
        fun of(context: CoroutineContext): ThreadSurroundings? =
            context
                .fold(null as MutableList<ThreadContextElement<Any?>>?) { found, element ->
                    if (element is ThreadContextElement<*>) {
                        @Suppress("UNCHECKED_CAST") // it gets what it returned
                        (found ?: ArrayList()).apply { add(element as ThreadContextElement<Any?>) }
                    } else {
                        found
                    }
                }?.let(::ThreadSurroundings)
    }
}

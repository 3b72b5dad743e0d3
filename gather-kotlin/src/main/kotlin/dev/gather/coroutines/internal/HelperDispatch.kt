package dev.gather.coroutines.internal

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.ThreadContextElement
import java.util.concurrent.RejectedExecutionException
import kotlin.coroutines.CoroutineContext

/** Brings workers onto the caller's dispatcher, among the thread-context elements of the caller. */
internal class HelperDispatch(
    private val run: SuspendRun,
    private val dispatcher: CoroutineDispatcher,
) {
    private val surroundings: ThreadSurroundings? = ThreadSurroundings.of(run.context)

    /** Sends a helper. */
    fun call(first: Boolean) {
        Trip(null).send(isFromWorker = !first)
    }

    /** Lets a worker go on after whatever is waiting for its thread; false if it may go on at once. */
    fun goOn(worker: Worker): Boolean {
        val trip = Trip(worker)
        trip.send(isFromWorker = true)
        return !trip.isBack
    }

    /**
     * One dispatch of a helper, or of a [worker] that goes on: not as a coroutine, which would cost four
     * times as much. It is the context of its dispatch, that of the run but for the job, because a
     * dispatcher over an executor that refuses cancels the job in the context, silently, and moves the
     * dispatch elsewhere: with a job of its own that is noticed, and does not cancel the gather.
     */
    private inner class Trip(
        private val worker: Worker?,
    ) : Runnable,
        CoroutineContext {
        private val job = Job()

        /** The thread that is inside the dispatch: an executor that runs things inline comes back on it. */
        @Volatile private var sender: Thread? = null

        var isBack = false // only used on the sender's thread
            private set

        fun send(isFromWorker: Boolean) {
            if (isFromWorker) sender = Thread.currentThread()
            dispatcher.dispatch(this, this)
            sender = null // later it may come round on the same thread as well
        }

        override fun run() {
            if (surroundings == null) arrive() else surroundings.around(run.context, ::arrive)
        }

        private fun arrive() {
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
            if (key === Job) job as E else run.context[key]

        override fun <R> fold(
            initial: R,
            operation: (R, CoroutineContext.Element) -> R,
        ): R = whole().fold(initial, operation)

        override fun minusKey(key: CoroutineContext.Key<*>): CoroutineContext = whole().minusKey(key)

        private fun whole() = run.context + job
    }
}

/** What a coroutine finds in its thread. */
private class ThreadSurroundings(
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

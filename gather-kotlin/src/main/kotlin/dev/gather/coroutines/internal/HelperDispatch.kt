package dev.gather.coroutines.internal

import kotlinx.coroutines.CompletableJob
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job
import java.util.concurrent.RejectedExecutionException
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.intrinsics.createCoroutineUnintercepted
import kotlin.coroutines.intrinsics.intercepted
import kotlin.coroutines.resume

/**
 * Brings workers onto the caller's dispatcher, as coroutines, so that its thread-context elements are
 * in place when they run bodies.
 */
internal class HelperDispatch(
    private val run: SuspendRun,
) {
    /** Sends a helper. */
    fun call(first: Boolean) {
        val trip = Trip(run.context)
        if (!first) trip.sender = Thread.currentThread()
        val arrive: suspend () -> Unit = {
            val refusal = trip.refusal()
            when {
                refusal != null -> run.helperRefusedLater(refusal)
                trip.sender === Thread.currentThread() -> run.helperSentBack()
                else -> run.helperStarted()
            }
        }
        arrive.createCoroutineUnintercepted(trip).intercepted().resume(Unit)
        trip.sender = null // later it may come round on the same thread as well
    }

    /** Lets a worker go on after whatever is waiting for its thread; false if it may go on at once. */
    fun goOn(worker: Worker): Boolean {
        val trip = Trip(run.context)
        trip.sender = Thread.currentThread()
        val arrive: suspend () -> Unit = {
            val refusal = trip.refusal()
            when {
                refusal != null -> run.workerRefused(worker, refusal)
                trip.sender === Thread.currentThread() -> trip.isBack = true
                else -> run.drain(worker)
            }
        }
        arrive.createCoroutineUnintercepted(trip).intercepted().resume(Unit)
        trip.sender = null
        return !trip.isBack
    }

    /**
     * One dispatch. It has a job of its own because a dispatcher over an executor that refuses cancels
     * the job in the context, silently, and moves the coroutine to another dispatcher: this way that is
     * noticed, and it does not cancel the gather.
     */
    private class Trip(
        context: CoroutineContext,
    ) : Continuation<Unit> {
        private val job: CompletableJob = Job()

        override val context: CoroutineContext = context + job

        /** The thread that is inside the dispatch: an executor that runs things inline comes back on it. */
        @Volatile
        var sender: Thread? = null

        var isBack = false // only used on the sender's thread

        @OptIn(InternalCoroutinesApi::class)
        fun refusal(): Throwable? {
            if (!job.isCancelled) return null
            val cancellation = job.getCancellationException()
            return cancellation.cause ?: RejectedExecutionException(cancellation)
        }

        override fun resumeWith(result: Result<Unit>) {
            job.complete()
            result.getOrThrow() // the engine's own code does not throw
        }
    }
}

package dev.gather.coroutines.internal.bodies

import dev.gather.coroutines.internal.run.Report
import dev.gather.coroutines.internal.run.isCancellation
import dev.gather.coroutines.internal.run.isFatal
import kotlinx.coroutines.Job
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.job
import kotlinx.coroutines.withTimeoutOrNull
import java.util.concurrent.TimeoutException
import kotlin.coroutines.Continuation
import kotlin.coroutines.cancellation.CancellationException
import kotlin.coroutines.intrinsics.createCoroutineUnintercepted
import kotlin.coroutines.intrinsics.startCoroutineUninterceptedOrReturn
import kotlin.time.Duration
import kotlin.time.toJavaDuration

/** Bodies that may run only so long; each is cancelled alone, and its task fails. */
internal class TaskTimeout(
    private val timeout: Duration,
    private val nameOf: (Any?) -> String?,
    private val body: suspend (Any?) -> Any?,
) : Body {
    override fun start(
        item: Any?,
        worker: SuspendWorker,
    ): Any? = timed(item, worker).startCoroutineUninterceptedOrReturn(worker)

    override fun create(
        item: Any?,
        worker: SuspendWorker,
    ): Continuation<Unit> = timed(item, worker).createCoroutineUnintercepted(worker)

    private fun timed(
        item: Any?,
        worker: SuspendWorker,
    ): suspend () -> Any? {
        val index = worker.index
        return { run(item, index) }
    }

    private suspend fun run(
        item: Any?,
        index: Int,
    ): Any? {
        val deadline = Deadline(currentCoroutineContext().job)
        var late: Throwable? = null
        // How the body ended travels as a value: thrown through the scope it might arrive as a copy.
        val ended: Result<Any?>? =
            try {
                withTimeoutOrNull(timeout) {
                    deadline.watch(coroutineContext.job)
                    runCatching { body(item) }.onFailure { late = it }
                }
            } catch (cancellation: CancellationException) {
                // The gather was cancelled: what the body threw meanwhile must not be lost.
                if (!deadline.isFirst) throw late?.takeUnless(::isCancellation) ?: cancellation
                null
            }
        if (ended != null) return ended.getOrThrow()
        late?.takeIf(::isFatal)?.let { throw it }
        if (!deadline.isFirst) throw late ?: CancellationException("the gather was cancelled")
        val name = nameOf(item)
        val failure = TimeoutException(Report.taskTimeout(index, name, timeout.toJavaDuration()))
        late?.takeUnless(::isCancellation)?.let(failure::addSuppressed)
        throw failure
    }

    /** Tells what cancelled a body first: its own deadline, or that of the gather, which looks just the same. */
    private class Deadline(
        private val task: Job,
    ) {
        /** Without any time the body is not even called. */
        @Volatile
        var isFirst = true
            private set

        fun watch(body: Job) {
            body.onCancelling { cause -> isFirst = cause is TimeoutCancellationException && task.isActive }
            body.invokeOnCompletion { cause -> if (cause == null) isFirst = false }
        }
    }
}

package dev.gather.coroutines.internal

import kotlinx.coroutines.withTimeoutOrNull
import java.util.concurrent.TimeoutException
import kotlin.coroutines.cancellation.CancellationException
import kotlin.coroutines.intrinsics.startCoroutineUninterceptedOrReturn
import kotlin.time.Duration
import kotlin.time.toJavaDuration

/** Bodies that may run only so long; each is cancelled alone, and its task fails. */
internal class TaskTimeout(
    private val timeout: Duration,
    private val body: suspend (Any?) -> Any?,
) : SuspendRun.Body {
    override fun start(
        item: Any?,
        worker: SuspendWorker,
    ): Any? {
        val index = worker.index
        val timed: suspend () -> Any? = { run(item, index) }
        return timed.startCoroutineUninterceptedOrReturn(worker)
    }

    private suspend fun run(
        item: Any?,
        index: Int,
    ): Any? {
        var late: Throwable? = null
        // How the body ended travels as a value: thrown through the scope it might arrive as a copy.
        val ended: Result<Any?>? =
            try {
                withTimeoutOrNull(timeout) {
                    runCatching { body(item) }.onFailure { late = it }
                }
            } catch (cancellation: CancellationException) {
                // The gather was cancelled: what the body threw meanwhile must not be lost.
                throw late?.takeUnless(::isCancellation) ?: cancellation
            }
        if (ended != null) return ended.getOrThrow()
        val failure = TimeoutException(Report.taskTimeout(index, null, timeout.toJavaDuration()))
        late?.takeUnless(::isCancellation)?.let(failure::addSuppressed)
        throw failure
    }
}

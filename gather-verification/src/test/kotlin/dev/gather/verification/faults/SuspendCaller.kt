package dev.gather.verification.faults

import dev.gather.verification.guarantee.SECONDS
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executor
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.CoroutineContext

/** A coroutine that makes one call. How that ended travels as a value: thrown on its way it may become a copy. */
internal class SuspendCaller<R>(
    context: CoroutineContext,
    call: suspend () -> R,
) {
    private val end = CompletableFuture<Result<R>>()

    @Volatile private var wasCancelled = false

    private val job =
        CoroutineScope(context).launch {
            val result = runCatching { call() }
            wasCancelled = coroutineContext.job.isCancelled
            end.complete(result)
        }

    init {
        // A dispatcher that refuses its first dispatch cancels it before it begins.
        job.invokeOnCompletion { cause ->
            end.complete(Result.failure(cause ?: IllegalStateException("over without an end")))
        }
    }

    /** Whether its own job was cancelled, be it by a dispatcher that refused to let it go on. */
    val isCancelled: Boolean get() = wasCancelled

    /** How the call ended; [what] is for the reader of a failure. */
    fun end(what: String = "the call"): Result<R> =
        try {
            end.get(SECONDS, TimeUnit.SECONDS)
        } catch (e: TimeoutException) {
            job.cancel()
            throw AssertionError("$what has not ended after $SECONDS s", e)
        }

    fun value(what: String = "the call"): R = end(what).getOrThrow()

    fun cancel() = job.cancel()
}

/** Threads that leave with the test: whoever is still blocked in one of them is interrupted until it goes. */
internal inline fun <R> withThreads(
    count: Int,
    block: (ExecutorService) -> R,
): R {
    val pool = Executors.newFixedThreadPool(count)
    try {
        return block(pool)
    } finally {
        pool.dismiss()
    }
}

internal inline fun <R> onThreads(
    count: Int,
    block: (CoroutineDispatcher) -> R,
): R = withThreads(count) { block(it.asCoroutineDispatcher()) }

/** A blocked thread may meet one more wait after the first interrupt, so one is not enough. */
internal fun ExecutorService.dismiss() {
    repeat(500) {
        shutdownNow()
        if (awaitTermination(10, TimeUnit.MILLISECONDS)) return
    }
}

internal class Refusal : RejectedExecutionException("full")

/** Refuses one of the dispatches that are made after [arm]. */
internal class RefusesOnce(
    private val nth: Int,
    private val threads: Executor,
) : Executor {
    private val calls = AtomicInteger(Int.MIN_VALUE)

    /** How many dispatches there have been since it was armed. */
    val count: Int get() = calls.get()

    fun arm() = calls.set(0)

    override fun execute(command: Runnable) {
        if (calls.incrementAndGet() == nth) throw Refusal()
        threads.execute(command)
    }
}

/** A dispatcher that does not hide it when the executor refuses, as those of event loops do. */
internal class Throwing(
    private val executor: Executor,
) : CoroutineDispatcher() {
    override fun dispatch(
        context: CoroutineContext,
        block: Runnable,
    ) = executor.execute(block)
}

/** From it to its last cause; causes may run in a circle. */
internal fun Throwable.causes(): List<Throwable> {
    val found = LinkedHashSet<Throwable>()
    var at: Throwable? = this
    while (at != null && found.add(at)) at = at.cause
    return found.toList()
}

package dev.gather.coroutines.internal.door

import dev.gather.CancelReason
import dev.gather.Completed
import dev.gather.coroutines.internal.bodies.CoroutineClock
import dev.gather.coroutines.internal.bodies.Nesting
import dev.gather.coroutines.internal.bodies.Traces
import dev.gather.coroutines.internal.bodies.VirtualTime
import dev.gather.coroutines.internal.bodies.heldPermit
import dev.gather.coroutines.internal.bodies.joinAnyway
import dev.gather.coroutines.internal.delivery.Collecting
import dev.gather.coroutines.internal.input.FlowSource
import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.refusalBehind
import dev.gather.coroutines.internal.run.suppress
import dev.gather.threads.Clock
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import kotlinx.coroutines.launch
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.cancellation.CancellationException
import kotlin.time.Duration

/** As `flow` is, but nothing stands between [collect] and the collector: what is emitted has been delivered. */
internal inline fun <T> directFlow(crossinline collect: suspend FlowCollector<T>.() -> Unit): Flow<T> =
    object : Flow<T> {
        override suspend fun collect(collector: FlowCollector<T>) = collector.collect()
    }

/** A gather of the suspend door whose results a collector takes as they come. Its tasks run beside the collector. */
internal class FlowGather(
    private val parts: GatherParts,
    private val results: Collecting,
) {
    /** Whether the deadline has ended it. */
    val isTimedOut: Boolean get() = parts.ledger.stop() == CancelReason.TIMEOUT

    /**
     * Runs the tasks, on what [upstream] brings if there is one, and gives the results to [take] until that
     * returns what to throw.
     */
    suspend fun <T> collect(
        upstream: Flow<*>?,
        take: suspend (Completed<T>) -> Throwable?,
    ) {
        val around = currentCoroutineContext()
        around.ensureActive()
        val nesting = Nesting.of(around, emptyList())
        val isDeep = isDeep(nesting)
        val job = SupervisorJob(around[Job].takeUnless { isDeep })
        if (isDeep) nesting.root = job
        val run = parts.assemble(around, around + job, nesting, Traces.caller())
        val watch = if (isDeep) CancellationWatch(around, nesting) { run.stop(CancelReason.GATHER) } else null
        var thrown: Throwable?
        var deadline: Runnable? = null
        try {
            val feeding = upstream?.let { feed(it, run, around + job) }
            deadline = startDeadline(run, around + job)
            if (isDeep && !run.hasOtherThreads) {
                elsewhere(around) { run.start(asWorker = true) }
            } else {
                run.start(asWorker = !run.hasOtherThreads)
            }
            thrown = takeAll(run, upstream != null, take)
            feeding?.cancel(null)
        } catch (e: Throwable) {
            thrown = refusalIn(e, around) ?: e
        } finally {
            deadline?.run()
            run.stop(CancelReason.GATHER) // whatever is waiting for a permit would not notice
            job.cancel(null) // default arguments are not on the oldest Kotlin
            results.awaitEnd()
            job.joinAnyway()
            watch?.end()
            parts.ledger.undelivered?.releaseRest(run) // before: who is called has to know what it is inside of
            nesting.end()
        }
        (thrown ?: parts.ledger.failure()?.cause)?.let {
            if (parts.ledger.undelivered != null &&
                it !is CancellationException
            ) {
                it.suppress(parts.ledger.cleanupErrors())
            }
            Traces.tellWhoCalled(it, run)
            throw it
        }
        around.ensureActive()
    }

    /** A dispatcher that cannot resume the collector cancels it instead, and says why. */
    private fun refusalIn(
        error: Throwable,
        around: CoroutineContext,
    ): Throwable? = if (around[Job]?.isActive != true) refusalBehind(error) else null

    private fun startDeadline(
        run: Run,
        context: CoroutineContext,
    ): Runnable? {
        val timeout = parts.call.timeout ?: return null
        if (timeout == Duration.ZERO) {
            run.stop(CancelReason.TIMEOUT)
            return null
        }
        val clock = VirtualTime.of(context)?.let { CoroutineClock(context, it) } ?: Clock.current()
        return clock.schedule(timeout.inWholeNanoseconds) { run.stop(CancelReason.TIMEOUT) }
    }

    // ---- the input

    private fun feed(
        upstream: Flow<*>,
        run: Run,
        context: CoroutineContext,
    ): Job {
        run.tokens.takeIdle(1) // of one who can do nothing for a task that has no thread
        val source = parts.source as FlowSource
        val feeding =
            CoroutineScope(context).launch(start = CoroutineStart.UNDISPATCHED) {
                try {
                    upstream.collect { item -> bring(item, source, run) }
                } catch (e: Throwable) {
                    currentCoroutineContext().ensureActive()
                    run.ledger.inputFailed(run, e)
                }
            }
        feeding.invokeOnCompletion { cause ->
            val refusal = refusalBehind(cause)
            if (refusal != null) run.ledger.inputFailed(run, refusal)
            source.finish()
            run.inputHasEnded()
            run.returnIdleToken()
        }
        return feeding
    }

    private suspend fun bring(
        item: Any?,
        source: FlowSource,
        run: Run,
    ) {
        val context = currentCoroutineContext()
        results.elementComes()
        source.offer(item, context::heldPermit)
        run.invite()
        results.awaitRoom(source)
    }

    // ---- the results

    /** @param isFlow whether what breaks the input ends the results at once, and not after those that are there */
    private suspend fun <T> takeAll(
        run: Run,
        isFlow: Boolean,
        take: suspend (Completed<T>) -> Throwable?,
    ): Throwable? {
        while (true) {
            @Suppress("UNCHECKED_CAST") // what the bodies have returned
            val result = results.next(run) as Completed<T>? ?: return null
            if (isFlow) parts.ledger.failure()?.let { return it.cause }
            currentCoroutineContext().ensureActive()
            parts.ledger.undelivered?.deliver(result.index)
            take(result)?.let { return it }
        }
    }
}

package dev.gather.coroutines.internal

import dev.gather.CancelReason
import dev.gather.Completed
import dev.gather.FailurePolicy
import dev.gather.GatherListener
import dev.gather.Outcome
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.launch
import kotlinx.coroutines.suspendCancellableCoroutine
import java.time.Duration
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReference
import kotlin.coroutines.cancellation.CancellationException
import kotlin.coroutines.resume

/**
 * A gather of suspending bodies that hands out its results as they come. The tasks run in a coroutine
 * beside the collector, which takes the results one by one; each keeps the permit of its task until then.
 */
internal class FlowRun private constructor(
    private val limit: Int,
    listener: GatherListener?,
    private val input: TaskSource,
    body: Body,
    name: String?,
    timeout: kotlin.time.Duration?,
    inOrder: Boolean,
    private val mailer: Mailer,
) : SuspendRun(
        settled = true,
        FailurePolicy.CANCEL_OTHERS,
        limit,
        Events(listener, mailer),
        input,
        body,
        name,
        timeout,
        slots = NoSlots(),
    ) {
    constructor(
        limit: Int,
        listener: GatherListener?,
        input: TaskSource,
        body: Body,
        name: String?,
        timeout: kotlin.time.Duration?,
        inOrder: Boolean,
    ) : this(limit, listener, input, body, name, timeout, inOrder, Mailer())

    private val outbox = Outbox(inOrder)
    private val inflow = DemandGate(this, isExact = input is FlowSource)

    /** The collector, while it waits for a result. */
    private val collector = AtomicReference<CancellableContinuation<Unit>?>()

    /** Whoever brings the input, while there is no room for more. */
    private val feeder = AtomicReference<CancellableContinuation<Unit>?>()

    /** How many elements have been offered and have not come out again as results. */
    private val inFlight = AtomicInteger()

    @Volatile private var isOver = false

    init {
        mailer.run = this
        addGate(inflow)
    }

    /** Whether the deadline has ended it. */
    val isTimedOut: Boolean get() = verdict.stop() == CancelReason.TIMEOUT

    /**
     * Runs the tasks, on what [upstream] brings if there is one, and gives the results to [take] until that
     * returns what to throw.
     */
    suspend fun <T> collect(
        upstream: Flow<*>?,
        take: suspend (Completed<T>) -> Throwable?,
    ) {
        // It travels as a value: thrown through the scope it might arrive as a copy.
        run(upstream, take)?.let { throw it }
    }

    private suspend fun <T> run(
        upstream: Flow<*>?,
        take: suspend (Completed<T>) -> Throwable?,
    ): Throwable? = coroutineScope {
        var thrown: Throwable? = null
        if (upstream == null) inflow.demand(Long.MAX_VALUE)
        // What brings elements may fail at once, which takes a run that knows its job.
        val start = if (upstream == null) CoroutineStart.DEFAULT else CoroutineStart.UNDISPATCHED
        val tasks =
            launch(start = start) {
                try {
                    execute<Nothing>()
                } catch (e: Throwable) {
                    thrown = e // told after the results that are there
                } finally {
                    isOver = true
                    collector.wake()
                }
            }
        val feeding = if (upstream != null) launch { feed(upstream) } else null
        try {
            takeAll(take) ?: thrown
        } finally {
            feeding?.cancel(null)
            stop(CancelReason.GATHER) // whatever is waiting for a permit would not notice
            tasks.cancel(null) // default arguments are not on the oldest Kotlin
        }
    }

    private suspend fun <T> takeAll(take: suspend (Completed<T>) -> Throwable?): Throwable? {
        while (true) {
            @Suppress("UNCHECKED_CAST") // what the bodies have returned
            val result = next() as Completed<T>? ?: return null
            makeRoom()
            take(result)?.let { return it }
        }
    }

    private suspend fun feed(upstream: Flow<*>) {
        try {
            collect(upstream)
        } catch (e: CancellationException) {
            currentCoroutineContext().ensureActive()
            inputFailed(e) // its own: the scope would take no notice, and nobody would end the input
        }
    }

    private suspend fun collect(upstream: Flow<*>) {
        val source = input as FlowSource
        upstream.collect { item ->
            inFlight.incrementAndGet()
            source.offer(item)
            inflow.demand(1)
            invite()
            while (!hasRoom()) feeder.await { hasRoom() }
        }
        source.finish()
        inputHasEnded()
    }

    /** The permits do not tell: a worker may hold one for a moment just to look for work. */
    private fun hasRoom() = (input as FlowSource).isEmpty() && inFlight.get() < limit

    /** Null after the last. */
    private suspend fun next(): Completed<Any?>? {
        while (true) {
            val isAll = isOver // before a look that finds nothing
            outbox.take()?.let { return it }
            if (isAll) return null
            collector.await { outbox.hasNew() || isOver }
        }
    }

    /** A result has been taken. */
    private fun makeRoom() {
        inFlight.decrementAndGet()
        if (limit == Int.MAX_VALUE) return
        permits.release()
        feeder.wake()
        invite()
    }

    override fun keepsPermit(index: Int): Boolean = true

    override fun readingEnds(worker: Worker) {
        feeder.wake()
    }

    private fun completed(
        index: Int,
        outcome: Outcome<Any?>,
        elapsed: Duration,
    ) {
        outbox.add(Completed(input.positionOf(index), null, outcome, elapsed))
        collector.wake()
    }

    override fun outcomes(): List<Outcome<Any?>> = emptyList()

    /** Comes before the run, whose constructor needs it. */
    private class Mailer : Events.Completions {
        lateinit var run: FlowRun

        override fun completed(
            index: Int,
            name: String?,
            outcome: Outcome<Any?>,
            elapsed: Duration,
        ) = run.completed(index, outcome, elapsed)
    }

    private companion object {
        fun AtomicReference<CancellableContinuation<Unit>?>.wake() {
            if (get() != null) getAndSet(null)?.resume(Unit)
        }

        /** Suspends until somebody calls [wake], unless what is waited [for][isThere] is there. */
        suspend fun AtomicReference<CancellableContinuation<Unit>?>.await(isThere: () -> Boolean) {
            suspendCancellableCoroutine { continuation ->
                set(continuation)
                if (isThere()) wake()
            }
        }
    }
}

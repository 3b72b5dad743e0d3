package dev.gather.coroutines.internal.delivery

import dev.gather.Completed
import dev.gather.Outcome
import dev.gather.coroutines.internal.input.FlowSource
import dev.gather.coroutines.internal.run.Delivery
import dev.gather.coroutines.internal.run.Run
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.suspendCancellableCoroutine
import java.time.Duration
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReference
import kotlin.coroutines.Continuation
import kotlin.coroutines.resume
import kotlin.coroutines.suspendCoroutine

/**
 * Results as they come, for the coroutine that collects them one by one. Each keeps the place of its task until it has
 * been taken, and so does each element that has been brought: one more is awaited than there is room for.
 */
internal class Collecting(
    inOrder: Boolean,
    private val limit: Int,
) : Delivery {
    private val outbox = Outbox(inOrder)

    /** The collector, while it waits for a result. */
    private val collector = AtomicReference<CancellableContinuation<Unit>?>()

    /** The same, when it wants no more results and waits for the end. */
    private val leaving = AtomicReference<Continuation<Unit>?>()

    /** Whoever brings the input, while there is no room for more. */
    private val feeder = AtomicReference<CancellableContinuation<Unit>?>()

    /** How many elements have been offered and have not come out again as results. */
    private val inFlight = AtomicInteger()

    @Volatile private var isOver = false

    // ---- the collector

    /** Null after the last. */
    suspend fun next(run: Run): Completed<Any?>? {
        while (true) {
            val isAll = isOver // before a look that finds nothing
            outbox.take()?.let {
                inFlight.decrementAndGet()
                feeder.wake()
                run.places.release()
                run.invite()
                return it
            }
            if (isAll) return null
            collector.await { outbox.hasNew() || isOver }
        }
    }

    /** Suspends until nothing is running any more, be the collector cancelled or refused by its dispatcher. */
    suspend fun awaitEnd() {
        suspendCoroutine { caller ->
            leaving.set(caller)
            if (isOver) leave()
        }
    }

    private fun leave() {
        leaving.getAndSet(null)?.resume(Unit)
    }

    // ---- the input

    fun elementTaken() = feeder.wake()

    fun elementComes() {
        inFlight.incrementAndGet()
    }

    /** Suspends until one more element may be brought: there may be one that waits for a place. */
    suspend fun awaitRoom(source: FlowSource) {
        while (!hasRoom(source)) feeder.await { hasRoom(source) }
    }

    private fun hasRoom(source: FlowSource) = source.isEmpty() && inFlight.get() <= limit

    // ---- Delivery

    override fun keepsPlace(index: Int): Boolean = true

    override val hearsEnds: Boolean get() = true

    override fun count(
        run: Run,
        index: Int,
        name: String?,
        outcome: Outcome<Any?>,
        elapsed: Duration,
    ): Boolean {
        val position = run.source!!.positionOf(index)
        outbox.add(Completed(position, name, outcome, elapsed))
        return false
    }

    override fun handOut(run: Run) = collector.wake()

    override fun inputIsOver(run: Run): Boolean = false

    override fun decidedEarly(run: Run) {}

    override fun isDecided(): Boolean = isOver

    override fun conclude(
        run: Run,
        byWorker: Boolean,
    ) {
        isOver = true
        collector.wake()
        leave()
    }

    private fun AtomicReference<CancellableContinuation<Unit>?>.wake() {
        if (get() != null) getAndSet(null)?.resume(Unit)
    }

    /** Suspends until somebody calls [wake], unless what is waited [for][isThere] is there. */
    private suspend fun AtomicReference<CancellableContinuation<Unit>?>.await(isThere: () -> Boolean) {
        suspendCancellableCoroutine { continuation ->
            set(continuation)
            if (isThere()) wake()
        }
    }
}

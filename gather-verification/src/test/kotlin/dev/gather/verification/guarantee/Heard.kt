package dev.gather.verification.guarantee

import dev.gather.GatherListener
import dev.gather.Outcome
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

/** A listener that remembers. */
class Heard(
    private val total: Int = 0,
) : GatherListener {
    /** Completes at the end number [total]. */
    val all = CompletableFuture<Unit>()
    val starts = ConcurrentLinkedQueue<Int>()
    val ends = ConcurrentLinkedQueue<Pair<Int, Outcome<*>>>()
    val dropped = LinkedBlockingQueue<Pair<Int, Throwable>>()

    override fun onStart(
        index: Int,
        taskName: String?,
    ) {
        starts.add(index)
    }

    override fun onEnd(
        index: Int,
        taskName: String?,
        outcome: Outcome<*>,
        elapsed: Duration,
    ) {
        ends.add(index to outcome)
        if (ends.size == total) all.complete(Unit)
    }

    override fun onDroppedError(
        index: Int,
        taskName: String?,
        error: Throwable,
    ) {
        dropped.add(index to error)
    }

    /** The next dropped error, as soon as there is one. */
    fun soonDropped(): Pair<Int, Throwable> = dropped.poll(SECONDS, TimeUnit.SECONDS) ?: error("nothing was dropped")
}

package dev.gather.verification.guarantee

import dev.gather.GatherListener
import dev.gather.Outcome
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue

/** A listener that remembers what the tasks are called. */
class Names : GatherListener {
    private val heard = ConcurrentLinkedQueue<String>()

    /** Completes with the first error that was dropped. */
    val firstDropped = CompletableFuture<String>()

    /** What was heard, sorted: events of different tasks may come in any order. */
    val all: List<String> get() = heard.sorted()

    override fun onStart(
        index: Int,
        taskName: String?,
    ) {
        heard.add("$index $taskName: start")
    }

    override fun onEnd(
        index: Int,
        taskName: String?,
        outcome: Outcome<*>,
        elapsed: Duration,
    ) {
        heard.add("$index $taskName: ${outcome.javaClass.simpleName}")
    }

    override fun onDroppedError(
        index: Int,
        taskName: String?,
        error: Throwable,
    ) {
        val dropped = "$index $taskName: dropped ${error.message}"
        heard.add(dropped)
        firstDropped.complete(dropped)
    }
}

package dev.gather.verification.guarantee

import dev.gather.GatherListener
import dev.gather.Outcome
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue

/** A listener that remembers everything. */
class Recorder : GatherListener {
    val events = ConcurrentLinkedQueue<String>()
    val dropped = ConcurrentLinkedQueue<Throwable>()
    val firstDropped = CompletableFuture<Throwable>()
    val elapsed = ConcurrentHashMap<Int, Duration>()
    private val ends = ConcurrentHashMap<Int, CompletableFuture<Outcome<*>>>()

    /** Completes when the listener has heard of the end of a task. */
    fun end(index: Int): CompletableFuture<Outcome<*>> = ends.computeIfAbsent(index) { CompletableFuture() }

    fun eventsOf(index: Int): List<String> = events.filter { it.endsWith("[$index]") }

    val starts: Int get() = events.count { it.startsWith("start") }
    val ended: Int get() = events.count { it.startsWith("end") }

    override fun onStart(
        index: Int,
        taskName: String?,
    ) {
        events.add("start[$index]")
    }

    override fun onEnd(
        index: Int,
        taskName: String?,
        outcome: Outcome<*>,
        elapsed: Duration,
    ) {
        this.elapsed[index] = elapsed
        events.add("end[$index]")
        end(index).complete(outcome)
    }

    override fun onDroppedError(
        index: Int,
        taskName: String?,
        error: Throwable,
    ) {
        events.add("dropped[$index]")
        dropped.add(error)
        firstDropped.complete(error)
    }
}

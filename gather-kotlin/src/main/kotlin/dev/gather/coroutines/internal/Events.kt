package dev.gather.coroutines.internal

import dev.gather.CancelReason
import dev.gather.GatherListener
import dev.gather.Outcome
import java.time.Duration

/** Tells the listener, which cannot harm the run whatever it does, and who else wants to hear of every task. */
internal class Events(
    private val listener: GatherListener?,
    private val completions: Completions? = null,
) {
    /** Hears how every task ended, once each, on the thread that ended it. */
    fun interface Completions {
        fun completed(
            index: Int,
            name: String?,
            outcome: Outcome<Any?>,
            elapsed: Duration,
        )
    }

    /** Returns the time, for [ended]. */
    fun started(
        index: Int,
        name: String?,
    ): Long {
        guarded { listener?.onStart(index, name) }
        return System.nanoTime()
    }

    fun ended(
        index: Int,
        name: String?,
        cell: Any,
        stop: CancelReason?,
        startNanos: Long,
    ) {
        val elapsed =
            if (cell === Cell.NEVER_STARTED) Duration.ZERO else Duration.ofNanos(System.nanoTime() - startNanos)
        val outcome = Cell.toOutcome(cell, true, stop)
        guarded { listener?.onEnd(index, name, outcome, elapsed) }
        if (cell !== Cell.FATAL) completions?.completed(index, name, outcome, elapsed)
    }

    fun dropped(
        index: Int,
        name: String?,
        error: Throwable,
    ) {
        guarded { listener?.onDroppedError(index, name, error) }
    }

    private inline fun guarded(event: () -> Unit) {
        try {
            event()
        } catch (_: Throwable) {
            // A broken listener must not change the outcome, and there is nobody else to tell.
        }
    }

    companion object {
        /** Null if nobody wants to hear of anything. */
        fun of(
            listener: GatherListener?,
            completions: Completions? = null,
        ): Events? = if (listener == null && completions == null) null else Events(listener, completions)
    }
}

package dev.gather.coroutines.internal

import dev.gather.CancelReason
import dev.gather.GatherListener
import java.time.Duration

/** Tells the listener; nothing it does can harm the run. */
internal class Events(
    private val listener: GatherListener,
) {
    /** Returns the time, for [ended]. */
    fun started(
        index: Int,
        name: String?,
    ): Long {
        guarded { listener.onStart(index, name) }
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
        guarded { listener.onEnd(index, name, Cell.toOutcome(cell, true, stop), elapsed) }
    }

    fun dropped(
        index: Int,
        name: String?,
        error: Throwable,
    ) {
        guarded { listener.onDroppedError(index, name, error) }
    }

    private inline fun guarded(event: () -> Unit) {
        try {
            event()
        } catch (_: Throwable) {
            // A broken listener must not change the outcome, and there is nobody else to tell.
        }
    }
}

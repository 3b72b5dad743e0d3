package dev.gather.coroutines.internal.delivery

import dev.gather.CancelReason
import dev.gather.Completed
import dev.gather.Outcome
import dev.gather.coroutines.internal.cells.Verdict
import dev.gather.coroutines.internal.run.Run
import java.time.Duration
import java.util.Collections

/** How many tasks have to succeed, where not all have to: stops the run as soon as they have, or cannot any more. */
internal class Quorum(
    private val enough: Int,
) {
    // All guarded by this; no code of a user runs inside.
    private val successes = ArrayList<Completed<Any?>>()
    private var failures = 0
    private var firstFailure: Verdict.FirstFailure? = null

    val isReached: Boolean get() = synchronized(this) { successes.size == enough }

    /** In the order in which they came. */
    fun successes(): List<Completed<Any?>> = synchronized(this) { Collections.unmodifiableList(successes) }

    /** True if that stops the run. */
    fun count(
        run: Run,
        index: Int,
        name: String?,
        outcome: Outcome<Any?>,
        elapsed: Duration,
    ): Boolean {
        val source = run.source!!
        if (source.originalOf(index) != index) return false // counted with the place that stands first
        var stops = count(run, Completed(index.toLong(), name, outcome, elapsed))
        for (other in source.repeatsOf(index)) {
            stops = count(run, Completed(other.toLong(), run.nameOf(other), outcome, elapsed)) || stops
        }
        return stops
    }

    private fun count(
        run: Run,
        completed: Completed<Any?>,
    ): Boolean {
        if (completed.outcome.isSuccess) return countSuccess(completed) && run.ledger.tryStop(CancelReason.ENOUGH)
        // Not what was cancelled because the run was stopped.
        val cause =
            when (val outcome = completed.outcome) {
                is Outcome.Failure -> outcome.cause
                is Outcome.Cancelled -> outcome.cause
                is Outcome.Success -> null
            } ?: return false
        countFailure(Verdict.FirstFailure(completed.index.toInt(), completed.name, cause, false))
        return givesUp(run)
    }

    /** Whether that was the last that was needed. */
    private fun countSuccess(success: Completed<Any?>): Boolean =
        synchronized(this) {
            successes.size < enough && successes.add(success) && successes.size == enough
        }

    private fun countFailure(failure: Verdict.FirstFailure) {
        synchronized(this) {
            failures++
            if (firstFailure == null) firstFailure = failure
        }
    }

    /** Whether it is known how many tasks there are, and that too many have failed: true if that stops the run. */
    fun givesUp(run: Run): Boolean {
        val total = run.source?.total ?: -1
        if (total < 0) return false
        val failure =
            synchronized(this) {
                if (total - failures >= enough) return false
                firstFailure ?: Verdict.FirstFailure(-1, null, NoSuchElementException(missing(total)), false)
            }
        return run.ledger.tryFailAltogether(run, failure)
    }

    /** For people: what there is too little of. */
    fun missing(total: Int): String {
        val found = synchronized(this) { successes.size }
        return "$found of $total succeeded where $enough had to"
    }
}

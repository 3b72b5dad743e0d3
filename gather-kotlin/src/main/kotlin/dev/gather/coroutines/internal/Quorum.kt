package dev.gather.coroutines.internal

import dev.gather.CancelReason
import dev.gather.Completed
import dev.gather.Outcome
import dev.gather.spi.Plan
import java.time.Duration
import java.util.Collections
import kotlin.coroutines.cancellation.CancellationException

/** How many tasks have to succeed, where not all have to: stops the run as soon as they have, or cannot any more. */
internal class Quorum(
    private val enough: Int,
) : Events.Completions {
    lateinit var run: Run

    // All guarded by this; no code of a user runs inside.
    private val successes = ArrayList<Completed<Any?>>()
    private var failures = 0
    private var firstFailure: Verdict.FirstFailure? = null

    val isReached: Boolean get() = synchronized(this) { successes.size == enough }

    /** In the order in which they came. */
    fun successes(): List<Completed<Any?>> = synchronized(this) { Collections.unmodifiableList(successes) }

    override fun completed(
        index: Int,
        name: String?,
        outcome: Outcome<Any?>,
        elapsed: Duration,
    ) {
        if (run.originalOf(index) != index) return // counted with the place that stands first
        ended(index, name, outcome, elapsed)
        for (other in run.repeatsOf(index)) ended(other, name, outcome, elapsed)
    }

    private fun ended(
        index: Int,
        name: String?,
        outcome: Outcome<Any?>,
        elapsed: Duration,
    ) {
        if (outcome.isSuccess) {
            if (count(Completed(index.toLong(), name, outcome, elapsed))) run.stop(CancelReason.ENOUGH)
        } else {
            count(causeOf(outcome)?.let { Verdict.FirstFailure(index, name, it, false) } ?: return)
            giveUpIfImpossible()
        }
    }

    /** Null for what was cancelled because the run was stopped. */
    private fun causeOf(outcome: Outcome<Any?>): Throwable? =
        when {
            outcome is Outcome.Failure -> outcome.cause
            outcome is Outcome.Cancelled && outcome.reason == CancelReason.TASK -> CancellationException("cancelled")
            else -> null
        }

    /** Whether that was the last that was needed. */
    private fun count(success: Completed<Any?>): Boolean =
        synchronized(this) {
            successes.size < enough && successes.add(success) && successes.size == enough
        }

    private fun count(failure: Verdict.FirstFailure) {
        synchronized(this) {
            failures++
            if (firstFailure == null) firstFailure = failure
        }
    }

    /** It is known now how many tasks there are. */
    fun giveUpIfImpossible() {
        val total = run.total()
        if (total < 0) return
        val failure =
            synchronized(this) {
                if (total - failures >= enough) return
                firstFailure ?: Verdict.FirstFailure(-1, null, NoSuchElementException(missing(total)), false)
            }
        run.failedAltogether(failure)
    }

    /** For people: what there is too little of. */
    fun missing(total: Int): String {
        val found = synchronized(this) { successes.size }
        return "$found of $total succeeded where $enough had to"
    }

    companion object {
        /** Null if a plan wants something else. */
        fun of(plan: Plan): Quorum? = if (plan.wanted == Plan.Wanted.SUCCESSES) Quorum(plan.enough) else null
    }
}

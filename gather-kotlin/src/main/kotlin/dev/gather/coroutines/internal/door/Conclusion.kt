package dev.gather.coroutines.internal.door

import dev.gather.CancelReason
import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.coroutines.internal.bodies.Traces
import dev.gather.coroutines.internal.bodies.cancellation
import dev.gather.coroutines.internal.cells.Verdict
import dev.gather.coroutines.internal.delivery.Quorum
import dev.gather.coroutines.internal.run.Report
import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.refusalBehind
import dev.gather.coroutines.internal.run.suppress
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.TimeoutCancellationException
import kotlin.coroutines.cancellation.CancellationException
import kotlin.time.toJavaDuration

/** What a call of the suspend door returns or throws when nothing of it is running any more. */
internal class Conclusion(
    private val parts: GatherParts,
    private val quorum: Quorum?,
    private val caller: Job?,
    private val run: Run?,
) {
    private val ledger get() = parts.ledger
    private val name get() = parts.call.name

    /** @param thrown what left the scope the tasks ran in */
    @Suppress("UNCHECKED_CAST") // the values of these tasks, or their outcomes
    fun <R> of(thrown: Throwable?): List<R> {
        val failure = ledger.failure()
        val stop = ledger.stop()
        when {
            failure != null && (failure.fatal || stop != CancelReason.GATHER) -> throw failed(failure)
            stop == CancelReason.GATHER -> throw cancelled(thrown, failure)
            quorum?.isReached == true -> return quorum.successes() as List<R>
            stop == CancelReason.TIMEOUT && (!ledger.settled || quorum != null) -> throw timedOut()
        }
        if (thrown != null && thrown !is CancellationException) throw thrown
        if (caller != null && !caller.isActive || run == null && stop == null) throw cancelled(thrown, null)
        return (if (ledger.settled) ledger.outcomes(parts.source) else ledger.values(parts.source)) as List<R>
    }

    private fun timedOut() =
        Report
            .timeout(name, parts.call.timeout!!.toJavaDuration(), ledger.outcomes(parts.source), parts.source.total)
            .apply { suppress(ledger.cleanupErrors()) }

    private fun failed(failure: Verdict.FirstFailure): Throwable {
        val outcomes = ledger.outcomes(parts.source)
        val others = outcomes.mapNotNull { (it as? Outcome.Failure)?.cause } + ledger.cleanupErrors()
        // Thrown as it is, the cancellation of one task would look like that of the caller; but what a scope further
        // out waits for has to reach it.
        val cause = failure.cause
        val thrown =
            if (cause is CancellationException && !failure.fatal) {
                Report.failure(name, failure, outcomes, parts.source.total, missing = quorum?.missing(outcomes.size))
            } else {
                cause
            }
        thrown.suppress(if (thrown is GatherException) others - cause else others)
        Traces.tellWhoCalled(thrown, run)
        return thrown
    }

    /** A timeout further out knows a copy of its own for what it is. */
    @OptIn(ExperimentalCoroutinesApi::class)
    private fun copyOf(cancellation: Throwable): Throwable =
        (cancellation as? TimeoutCancellationException)?.createCopy()
            ?: CancellationException(cancellation.message).apply { initCause(cancellation) }

    private fun cancelled(
        thrown: Throwable?,
        failure: Verdict.FirstFailure?,
    ): Throwable {
        if (thrown != null && thrown !is CancellationException) return thrown
        if (caller?.isActive != false) refusalBehind(thrown)?.let { return it }
        // What has cancelled the caller may be waited for further out, so it comes first.
        val cancellation = caller?.cancellation() ?: thrown ?: CancellationException("the gather was cancelled")
        val others = listOfNotNull(failure?.cause) + ledger.cleanupErrors()
        if (others.isEmpty()) return cancellation
        // The original belongs to everybody it cancelled, so the errors go to one of our own.
        return copyOf(cancellation).apply { suppress(others) }
    }
}

package dev.gather.coroutines.internal.door

import dev.gather.CancelReason
import dev.gather.Completed
import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.coroutines.internal.bodies.Traces
import dev.gather.coroutines.internal.bodies.cancellation
import dev.gather.coroutines.internal.cells.Verdict
import dev.gather.coroutines.internal.delivery.Quorum
import dev.gather.coroutines.internal.run.Report
import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.Unfinished
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
        val results = results(thrown)
        if (results != null) return results as List<R>
        run?.let { ledger.undelivered?.releaseRest(it) } // first: what that throws goes with the exception
        throw failure(thrown)
    }

    /** What is delivered; null if the call throws. */
    private fun results(thrown: Throwable?): List<Any?>? {
        val stop = ledger.stop()
        val source = parts.source
        return when {
            ledger.failure() != null || stop == CancelReason.GATHER -> null

            quorum?.isReached == true -> quorum.successes().also(::deliverOnly)

            stop == CancelReason.TIMEOUT && (!ledger.settled || quorum != null) -> null

            thrown != null && thrown !is CancellationException -> null

            caller != null && !caller.isActive || run == null && stop == null -> null

            else -> {
                ledger.undelivered?.deliverAll()
                if (ledger.settled) ledger.outcomes(source) else ledger.values(source)
            }
        }
    }

    private fun deliverOnly(successes: List<Completed<Any?>>) {
        val undelivered = ledger.undelivered ?: return
        successes.forEach { undelivered.deliver(parts.source, it.index.toInt()) }
        undelivered.releaseRest(run!!)
    }

    private fun failure(thrown: Throwable?): Throwable {
        val failure = ledger.failure()
        val stop = ledger.stop()
        return when {
            failure != null && (failure.fatal || stop != CancelReason.GATHER) -> failed(failure)
            stop == CancelReason.GATHER -> cancelled(thrown, failure)
            stop == CancelReason.TIMEOUT && (!ledger.settled || quorum != null) -> timedOut()
            thrown != null && thrown !is CancellationException -> thrown
            else -> cancelled(thrown, null)
        }
    }

    private fun timedOut(): Throwable {
        val outcomes = ledger.outcomesOfFailure(parts.source)
        val unfinished = Unfinished.text(outcomes, parts.source, run?.admission)
        return Report
            .timeout(name, parts.call.timeout!!.toJavaDuration(), outcomes, parts.source.total, unfinished)
            .apply { suppress(ledger.cleanupErrors()) }
    }

    private fun failed(failure: Verdict.FirstFailure): Throwable {
        val outcomes = ledger.outcomesOfFailure(parts.source)
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

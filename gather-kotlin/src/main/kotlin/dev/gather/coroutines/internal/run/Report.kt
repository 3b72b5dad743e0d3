package dev.gather.coroutines.internal.run

import dev.gather.CancelReason
import dev.gather.GatherException
import dev.gather.GatherTimeoutException
import dev.gather.Outcome
import dev.gather.coroutines.internal.cells.Verdict
import java.time.Duration
import kotlin.time.toKotlinDuration

/** The exceptions of a gather, in words for people. */
internal object Report {
    /** Nobody knows how many tasks there are. */
    const val UNKNOWN = -1

    const val MOST = 10

    /** @param total how many tasks there are; [UNKNOWN] or as many */
    fun failure(
        gather: String?,
        failure: Verdict.FirstFailure,
        outcomes: List<Outcome<*>>,
        total: Int,
        stragglers: List<String> = emptyList(),
        missing: String? = null,
    ): GatherException {
        val what =
            when {
                failure.index >= 0 -> task(failure.index, failure.name) + if (total < 0) "" else " of $total"
                failure.fatal -> "reading the input"
                else -> "too few tasks"
            }
        val tooFew = if (missing == null) "" else "$missing; first "
        val message = "${prefix(gather)}failed: $tooFew$what: ${failure.cause}${stillRunning(stragglers)}"
        return GatherException(message, failure.cause, failure.index, failure.name, outcomes)
    }

    fun timeout(
        gather: String?,
        timeout: Duration,
        outcomes: List<Outcome<*>>,
        total: Int,
        unfinished: String = "",
        stragglers: List<String> = emptyList(),
    ): GatherTimeoutException {
        val ended = outcomes.count { it !is Outcome.Cancelled || it.reason == CancelReason.RELEASED }
        val progress = if (outcomes.isEmpty()) {
            ""
        } else if (total < 0) {
            ": $ended done"
        } else {
            ": $ended/$total done"
        }
        val message = "${prefix(gather)}timed out after ${text(timeout)}$progress$unfinished"
        return GatherTimeoutException(message + stillRunning(stragglers), outcomes)
    }

    fun taskTimeout(
        index: Int,
        name: String?,
        timeout: Duration,
        grace: Duration? = null,
    ): String =
        "${task(index, name)} did not end within ${text(timeout)}" +
            if (grace == null) "" else ", and is still running after ${text(grace)} of grace"

    /** As people write it: 1.5s, not PT1.5S. */
    private fun text(duration: Duration) = duration.toKotlinDuration().toString()

    fun task(
        index: Int,
        name: String?,
    ): String = if (name == null) "task[$index]" else "task[$index] $name"

    /** Ten at most, and how many more there are. */
    inline fun few(
        indices: List<Int>,
        describe: (Int) -> String,
    ): List<String> {
        val named = indices.take(MOST).map(describe)
        return if (indices.size > MOST) named + "${indices.size - MOST} more" else named
    }

    private fun prefix(gather: String?) = if (gather == null) "gather " else "gather $gather "

    private fun stillRunning(stragglers: List<String>) =
        if (stragglers.isEmpty()) "" else "; still running: ${stragglers.joinToString()}"
}

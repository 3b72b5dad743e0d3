package dev.gather.verification.model

import dev.gather.GatherException
import dev.gather.GatherListener
import dev.gather.GatherTimeoutException
import dev.gather.Outcome
import java.time.Duration
import java.util.concurrent.CancellationException
import java.util.concurrent.TimeoutException

/** The exception of one task. */
class Boom(
    message: String,
) : Exception(message)

/** What comes out of the engine, in the words of the model. */
fun rendered(value: Any?): String =
    when (value) {
        is List<*> -> value.joinToString(", ", "[", "]", transform = ::rendered)
        is Outcome.Success<*> -> "ok ${rendered(value.value)}"
        is Outcome.Failure<*> -> "failed with ${rendered(value.cause)}"
        is Outcome.Cancelled<*> -> "cancelled ${value.reason}${if (value.started) "" else ", not started"}"
        is Throwable -> rendered(value)
        else -> value.toString()
    }

private fun rendered(error: Throwable): String {
    // In Java the deadline of a gather, and not that of one of its tasks, has this around it.
    if (error is GatherException && error.index() < 0 &&
        error.cause is GatherTimeoutException
    ) {
        return rendered(error.cause!!)
    }
    val text =
        when (error) {
            is Boom -> error.message!!
            is CancellationException -> return "cancel"
            is GatherException -> "gather(${rendered(error.cause)})#${error.index()}${rendered(error.outcomes())}"
            is GatherTimeoutException -> "timeout ${rendered(error.outcomes())}"
            is TimeoutException -> "task timeout"
            else -> error.stackTraceToString()
        }
    val suppressed = error.suppressed.map(::rendered).sorted()
    return if (suppressed.isEmpty()) text else text + suppressed.joinToString(", ", " {", "}")
}

/** Writes down what the gather called [label] tells its listener. */
class Recorder(
    private val record: Record,
    private val label: String,
) : GatherListener {
    private fun name(index: Int) = if (label.isEmpty()) "$index" else "$label.$index"

    override fun onEnd(
        index: Int,
        taskName: String?,
        outcome: Outcome<*>,
        elapsed: Duration,
    ) = record.outcome(name(index)) { rendered(outcome) }

    override fun onDroppedError(
        index: Int,
        taskName: String?,
        error: Throwable,
    ) = record.dropped { "${name(index)} ${rendered(error)}" }
}

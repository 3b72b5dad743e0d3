package dev.gather.bridge

import dev.gather.GatherException
import dev.gather.Outcome
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.TimeoutCancellationException
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletionException
import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeoutException

/** Every way across the border, and everything that can become of what goes there. */
class MatrixSpec :
    FunSpec({
        val table = LinkedHashMap<Pair<String, String>, String>()

        for (way in INTO_KOTLIN) {
            for ((event, check) in EVENTS_IN_KOTLIN) {
                test("${way.name}: $event") {
                    val (expected, seen) = check(way)
                    table[way.name to event] = seen
                    seen shouldBe expected
                }
            }
        }
        for (way in INTO_JAVA) {
            for ((event, check) in EVENTS_IN_JAVA) {
                test("${way.name}: $event") {
                    val (expected, seen) = check(way)
                    table[way.name to event] = seen
                    seen shouldBe expected
                }
            }
        }

        afterSpec { println(asText(table)) }
    })

/** The value of all that has one. */
const val VALUE = 7

/** What is expected, and what has been seen. */
internal typealias Seen = Pair<String, String>

private fun asText(table: Map<Pair<String, String>, String>): String {
    val events = table.keys.map { it.second }.distinct()
    val head = listOf("") + events
    val rows = table.keys
        .map { it.first }
        .distinct()
        .map { way -> listOf(way) + events.map { table[way to it] ?: "" } }
    val widths = head.indices.map { column -> (rows + listOf(head)).maxOf { it[column].length } }
    return (listOf(head) + rows).joinToString("\n", "\n", "\n") { row ->
        row.indices.joinToString(" | ", "| ", " |") { row[it].padEnd(widths[it]) }
    }
}

/** How something has ended, in one word; what the JDK puts around a failure is not looked at. */
internal fun word(
    result: Result<Int?>,
    failure: Throwable? = null,
): String {
    var error = result.exceptionOrNull() ?: return "value ${result.getOrNull()}"
    while (error is ExecutionException || error.javaClass == CompletionException::class.java) {
        val cause = error.cause!!
        if (cause is CancellationException && failure == null) return "not silent"
        error = cause
    }
    return when {
        error === failure -> "same instance"
        error is GatherException -> "not silent"
        error is TimeoutException || error is TimeoutCancellationException -> "timeout"
        error is CancellationException -> "cancelled"
        else -> error.toString()
    }
}

/** What an outcome stands for, the same instance. */
internal fun <T> Outcome<T>.asResult(): T =
    when (this) {
        is Outcome.Success -> value()
        is Outcome.Failure -> throw cause()
        is Outcome.Cancelled -> throw CancellationException()
    }

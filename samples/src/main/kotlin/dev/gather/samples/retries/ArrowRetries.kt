package dev.gather.samples.retries

import arrow.resilience.Schedule
import arrow.resilience.retry
import arrow.resilience.retryOrElse
import dev.gather.GatherTimeoutException
import dev.gather.coroutines.gather
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.io.IOException
import java.io.PrintStream
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Retries and a fallback of Arrow around what a task does. */
class ArrowRetries(private val out: PrintStream) {
    suspend fun fetchAll(endpoints: List<Endpoint>, timeout: Duration? = null): List<String> {
        // region retry
        val schedule = Schedule.spaced<IOException>(1.seconds) zipLeft Schedule.recurs(2)
        val answers = endpoints.gather(timeout = timeout) { schedule.retry { it.fetch() } }
        // endregion
        return answers
    }

    suspend fun fetchAllOrElse(endpoints: List<Endpoint>, schedule: Schedule<IOException, Long>): List<String> {
        // region fallback
        val answers = endpoints.gather { schedule.retryOrElse({ it.fetch() }) { _, _ -> "nothing" } }
        // endregion
        return answers
    }

    suspend fun run() {
        out.println("--- the third attempt answers ---")
        out.println(fetchAll(listOf(FlakyEndpoint(out, "users", 2))))

        out.println("--- the deadline passes between two attempts ---")
        val prices = FlakyEndpoint.down(out, "prices")
        try {
            fetchAll(listOf(prices), timeout = 500.milliseconds)
        } catch (e: GatherTimeoutException) {
            out.println("${e.message}, attempts: ${prices.attempts()}")
        }

        out.println("--- the caller cancels between two attempts ---")
        val stock = FlakyEndpoint.down(out, "stock")
        coroutineScope {
            val caller = launch { fetchAll(listOf(stock)) }
            delay(500.milliseconds)
            caller.cancelAndJoin()
        }
        out.println("cancelled, attempts: ${stock.attempts()}")

        out.println("--- no attempt answers, and there is a fallback ---")
        val schedule = Schedule.spaced<IOException>(1.seconds) zipLeft Schedule.recurs(2)
        out.println(fetchAllOrElse(listOf(FlakyEndpoint.down(out, "orders")), schedule))
    }
}

fun main() = runBlocking { ArrowRetries(System.out).run() }

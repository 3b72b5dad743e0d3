package dev.gather.samples.coroutines

import dev.gather.FailurePolicy
import dev.gather.coroutines.gather
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import java.io.PrintStream
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * What happens to the others when one fails? Tutorial 003 says that they are cancelled, 002 and 004
 * say that they run on. Here a caller chooses; the default is the first.
 */
class WhenOneFails(private val out: PrintStream) {
    suspend fun fetchOrFail(endpoint: String, delay: Duration, shouldFail: Boolean = false): String {
        try {
            delay(delay)
        } catch (e: CancellationException) {
            out.println("$endpoint was cancelled")
            throw e
        }
        if (shouldFail) {
            out.println("$endpoint failed")
            throw IllegalArgumentException("Failed to fetch from $endpoint")
        }
        out.println("$endpoint finished")
        return endpoint
    }

    suspend fun run(policy: FailurePolicy) {
        out.println("--- $policy ---")
        coroutineScope {
            // owns what LEAVE_OTHERS leaves, and waits for it
            try {
                gather(
                    { fetchOrFail("users", 1.seconds) },
                    { fetchOrFail("products", 1.5.seconds, shouldFail = true) },
                    { fetchOrFail("orders", 2.seconds) },
                    onFailure = policy,
                    scope = this,
                )
            } catch (e: IllegalArgumentException) {
                out.println("The caller sees: ${e.message}")
            }
        }
    }

    suspend fun run() {
        run(FailurePolicy.CANCEL_OTHERS) // the default: 003
        run(FailurePolicy.AWAIT_OTHERS)
        run(FailurePolicy.LEAVE_OTHERS) // CPython: 002 and 004
    }
}

fun main() = runBlocking { WhenOneFails(System.out).run() }

package dev.gather.samples.coroutines

import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherSettled
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import java.io.PrintStream
import kotlin.time.Duration.Companion.seconds

/**
 * Tutorial 000, error handling: a failure stops everything, or becomes part of the results.
 *
 * ```python
 * try:
 *     results = await asyncio.gather(coroutine1(), coroutine2(), coroutine3())
 * except Exception as e:
 *     print(f"Something failed: {e}")
 *
 * results = await asyncio.gather(
 *     coroutine1(), coroutine2(), coroutine3(), return_exceptions=True)
 *
 * for i, result in enumerate(results):
 *     if isinstance(result, Exception):
 *         print(f"Task {i} failed with: {result}")
 *     else:
 *         print(f"Task {i} succeeded with: {result}")
 * ```
 *
 * The tutorial leaves the three coroutines open; here the second one fails.
 */
class ErrorHandling(private val out: PrintStream) {
    suspend fun coroutine1(): String {
        delay(1.seconds)
        return "first"
    }

    suspend fun coroutine2(): String {
        delay(2.seconds)
        throw IllegalStateException("no answer")
    }

    suspend fun coroutine3(): String {
        delay(3.seconds)
        return "third"
    }

    suspend fun run() {
        // By default a failure stops everything: coroutine3 is cancelled in its delay.
        try {
            gather({ coroutine1() }, { coroutine2() }, { coroutine3() })
        } catch (e: IllegalStateException) {
            out.println("Something failed: ${e.message}")
        }

        // With gatherSettled failures become part of the results.
        val results = gatherSettled({ coroutine1() }, { coroutine2() }, { coroutine3() })
        for ((i, result) in results.withIndex()) {
            if (result is Outcome.Failure) {
                out.println("Task $i failed with: ${result.cause.message}")
            } else {
                out.println("Task $i succeeded with: ${result.getOrThrow()}")
            }
        }
    }
}

fun main() = runBlocking { ErrorHandling(System.out).run() }

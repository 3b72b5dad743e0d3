package dev.gather.samples.coroutines

import dev.gather.Outcome
import dev.gather.coroutines.gatherSettled
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import java.io.PrintStream
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * Tutorial 004, example 3: the exception is one of the results.
 *
 * ```python
 * async def call_api_failed():
 *     await asyncio.sleep(1)
 *     raise APIError('API failed')
 *
 * async def main():
 *     a, b, c = await asyncio.gather(
 *         call_api('Calling API 1 ...', 100, 1),
 *         call_api('Calling API 2 ...', 200, 2),
 *         call_api_failed(),
 *         return_exceptions=True
 *     )
 *     print(a, b, c)
 * ```
 */
class CallApiReturnExceptions(private val out: PrintStream) {
    class APIError(override val message: String) : Exception(message) {
        override fun toString() = message // as __str__ in the original
    }

    suspend fun callApi(message: String, result: Int, delay: Duration = 3.seconds): Int {
        out.println(message)
        delay(delay)
        return result
    }

    suspend fun callApiFailed(): Int {
        delay(1.seconds)
        throw APIError("API failed")
    }

    suspend fun run() {
        val (a, b, c) =
            gatherSettled(
                { callApi("Calling API 1 ...", 100, 1.seconds) },
                { callApi("Calling API 2 ...", 200, 2.seconds) },
                { callApiFailed() },
            ).map { if (it is Outcome.Failure) it.cause else it.getOrThrow() }
        out.println("$a $b $c")
    }
}

fun main() = runBlocking { CallApiReturnExceptions(System.out).run() }

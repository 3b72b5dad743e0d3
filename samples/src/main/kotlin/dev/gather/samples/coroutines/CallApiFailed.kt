package dev.gather.samples.coroutines

import dev.gather.coroutines.gather
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import java.io.PrintStream
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * Tutorial 004, example 2: one call fails, and its exception reaches the caller.
 *
 * ```python
 * async def call_api_failed():
 *     await asyncio.sleep(3)
 *     raise APIError('API failed')
 *
 * async def main():
 *     a, b, c = await asyncio.gather(
 *         call_api('Calling API 1 ...', 100, 1),
 *         call_api('Calling API 2 ...', 200, 2),
 *         call_api_failed()
 *     )
 *     print(a, b, c)
 * ```
 *
 * Python ends with a traceback whose last line is the one printed here.
 */
class CallApiFailed(private val out: PrintStream) {
    class APIError(message: String) : Exception(message)

    suspend fun callApi(message: String, result: Int, delay: Duration = 3.seconds): Int {
        out.println(message)
        delay(delay)
        return result
    }

    suspend fun callApiFailed(): Int {
        delay(3.seconds)
        throw APIError("API failed")
    }

    suspend fun run() {
        try {
            val (a, b, c) =
                gather(
                    { callApi("Calling API 1 ...", 100, 1.seconds) },
                    { callApi("Calling API 2 ...", 200, 2.seconds) },
                    { callApiFailed() },
                )
            out.println("$a $b $c") // not reached
        } catch (e: APIError) {
            // the exception itself, neither wrapped nor copied
            out.println("APIError: ${e.message}")
        }
    }
}

fun main() = runBlocking { CallApiFailed(System.out).run() }

package dev.gather.samples.coroutines

import dev.gather.coroutines.gather
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import java.io.PrintStream
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * Tutorial 004, example 1: two calls, each result under its own name.
 *
 * ```python
 * async def call_api(message, result, delay=3):
 *     print(message)
 *     await asyncio.sleep(delay)
 *     return result
 *
 * async def main():
 *     a, b = await asyncio.gather(
 *         call_api('Calling API 1 ...', 100, 1),
 *         call_api('Calling API 2 ...', 200, 2)
 *     )
 *     print(a, b)
 * ```
 */
class CallApi(private val out: PrintStream) {
    suspend fun callApi(message: String, result: Int, delay: Duration = 3.seconds): Int {
        out.println(message)
        delay(delay)
        return result
    }

    suspend fun run() {
        val (a, b) =
            gather(
                { callApi("Calling API 1 ...", 100, 1.seconds) },
                { callApi("Calling API 2 ...", 200, 2.seconds) },
            )
        out.println("$a $b")
    }
}

fun main() = runBlocking { CallApi(System.out).run() }

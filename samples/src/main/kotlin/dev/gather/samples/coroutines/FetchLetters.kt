package dev.gather.samples.coroutines

import dev.gather.coroutines.gather
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import java.io.PrintStream

/**
 * Tutorial 003: "c" returns first and is still the third entry.
 *
 * ```python
 * async def fetch(name, delay_ms):
 *     await asyncio.sleep_ms(delay_ms)
 *     return name
 *
 * async def main():
 *     results = await asyncio.gather(
 *         fetch("a", 100),
 *         fetch("b", 200),
 *         fetch("c", 50),
 *     )
 *     print(results)
 * ```
 */
class FetchLetters(private val out: PrintStream) {
    suspend fun fetch(name: String, delayMs: Long): String {
        delay(delayMs)
        return name
    }

    suspend fun run() {
        val results =
            gather(
                { fetch("a", 100) },
                { fetch("b", 200) },
                { fetch("c", 50) },
            )
        out.println(results) // [a, b, c] where Python prints ['a', 'b', 'c']
    }
}

fun main() = runBlocking { FetchLetters(System.out).run() }

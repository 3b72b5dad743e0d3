package dev.gather.samples.coroutines

import dev.gather.coroutines.gather
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import java.io.PrintStream
import kotlin.time.Duration.Companion.seconds

/**
 * Tutorial 001: two countdowns that take turns.
 *
 * ```python
 * async def countdown(start):
 *     n = start
 *     while n > 0:
 *         print(f"countdown({start}): {n}")
 *         await asyncio.sleep(1)
 *         n -= 1
 *
 * async def main():
 *     await asyncio.gather(countdown(3), countdown(2))
 * ```
 *
 * The tutorial leaves `countdown` open; this is the usual one, which says who is counting.
 */
class Countdown(private val out: PrintStream) {
    suspend fun countdown(start: Int) {
        for (n in start downTo 1) {
            out.println("countdown($start): $n")
            delay(1.seconds)
        }
    }

    suspend fun run() {
        gather({ countdown(3) }, { countdown(2) })
    }
}

fun main() = runBlocking { Countdown(System.out).run() }

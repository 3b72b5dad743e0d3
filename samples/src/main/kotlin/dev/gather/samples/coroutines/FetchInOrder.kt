package dev.gather.samples.coroutines

import dev.gather.coroutines.gather
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import java.io.PrintStream
import kotlin.time.Duration.Companion.seconds

/**
 * Tutorial 001: the results stand in the order of the arguments, although the second takes longest.
 *
 * ```python
 * async def main():
 *     results = await asyncio.gather(fetch_data(1), fetch_data(2), fetch_data(3))
 *     print(results)
 * ```
 *
 * The tutorial leaves `fetch_data` open.
 */
class FetchInOrder(private val out: PrintStream) {
    suspend fun fetchData(id: Int): String {
        delay(if (id == 2) 3.seconds else id.seconds)
        return "Data $id"
    }

    suspend fun run() {
        // The short form of gather({ fetchData(1) }, { fetchData(2) }, { fetchData(3) }).
        val results = listOf(1, 2, 3).gather { fetchData(it) }
        out.println(results)
    }
}

fun main() = runBlocking { FetchInOrder(System.out).run() }

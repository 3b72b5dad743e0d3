package dev.gather.samples.coroutines

import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import java.io.PrintStream
import kotlin.time.Duration.Companion.seconds

/**
 * Tutorial 002, section 1: the same without gather, to see what it saves. [FetchFromApi] is the next
 * step.
 *
 * ```python
 * async def main_manual():
 *     task1 = asyncio.create_task(fetch_from_api("endpoint1"))
 *     task2 = asyncio.create_task(fetch_from_api("endpoint2"))
 *     task3 = asyncio.create_task(fetch_from_api("endpoint3"))
 *     # Now we have to wait for them all
 *     await task1
 *     await task2
 *     await task3
 * ```
 */
class ManualTasks(private val out: PrintStream) {
    suspend fun fetchFromApi(endpoint: String): String {
        out.println("Fetching from $endpoint...")
        delay(1.seconds)
        out.println("Finished fetching from $endpoint")
        return endpoint
    }

    suspend fun run() =
        coroutineScope {
            val task1 = async { fetchFromApi("endpoint1") }
            val task2 = async { fetchFromApi("endpoint2") }
            val task3 = async { fetchFromApi("endpoint3") }
            // Now we have to wait for them all
            task1.await()
            task2.await()
            task3.await()
        }
}

fun main() {
    runBlocking { ManualTasks(System.out).run() }
}

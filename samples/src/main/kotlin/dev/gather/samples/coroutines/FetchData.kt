package dev.gather.samples.coroutines

import dev.gather.coroutines.gather
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import java.io.PrintStream
import java.util.Locale
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.DurationUnit.SECONDS
import kotlin.time.TimeSource

/**
 * Tutorial 000: three sources at the same time take as long as the slowest.
 *
 * ```python
 * async def fetch_data(source, delay):
 *     print(f"Fetching data from {source}...")
 *     await asyncio.sleep(delay)  # Simulating network request
 *     print(f"Done fetching from {source}")
 *     return f"Data from {source}"
 *
 * async def main():
 *     start = time.time()
 *     results = await asyncio.gather(
 *         fetch_data("API 1", 3), fetch_data("API 2", 1), fetch_data("API 3", 2))
 *     end = time.time()
 *     print(f"All requests completed in {end - start:.2f} seconds")
 *     print(f"Results: {results}")
 * ```
 */
class FetchData(private val out: PrintStream, private val time: TimeSource = TimeSource.Monotonic) {
    suspend fun fetchData(source: String, delay: Duration): String {
        out.println("Fetching data from $source...")
        delay(delay) // Simulating network request
        out.println("Done fetching from $source")
        return "Data from $source"
    }

    suspend fun run() {
        val start = time.markNow()
        val results =
            gather(
                { fetchData("API 1", 3.seconds) },
                { fetchData("API 2", 1.seconds) },
                { fetchData("API 3", 2.seconds) },
            )
        val elapsed = start.elapsedNow().toDouble(SECONDS)
        out.println("All requests completed in ${"%.2f".format(Locale.ROOT, elapsed)} seconds")
        out.println("Results: $results") // Kotlin prints a list of strings without the quotes
    }
}

fun main() = runBlocking { FetchData(System.out).run() }

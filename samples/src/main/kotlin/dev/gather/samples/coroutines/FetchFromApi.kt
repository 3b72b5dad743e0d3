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
 * Tutorial 002: three endpoints, finished in another order than their results stand in.
 *
 * ```python
 * async def fetch_from_api(endpoint: str, delay: float):
 *     """Simulates fetching data from a slow API."""
 *     print(f"Fetching from {endpoint}...")
 *     await asyncio.sleep(delay)
 *     result = {"endpoint": endpoint, "status": "success"}
 *     print(f"Finished fetching from {endpoint}")
 *     return result
 *
 * async def main():
 *     start_time = time.time()
 *     all_results = await asyncio.gather(
 *         fetch_from_api("users", 1),
 *         fetch_from_api("products", 2),
 *         fetch_from_api("orders", 1.5)
 *     )
 *     end_time = time.time()
 *     print(f"\nAll tasks finished in {end_time - start_time:.2f} seconds.")
 *     print("--- Results ---")
 *     print(all_results)
 * ```
 */
class FetchFromApi(private val out: PrintStream, private val time: TimeSource = TimeSource.Monotonic) {
    /** Simulates fetching data from a slow API. */
    suspend fun fetchFromApi(endpoint: String, delay: Duration): Map<String, String> {
        out.println("Fetching from $endpoint...")
        delay(delay)
        val result = mapOf("endpoint" to endpoint, "status" to "success")
        out.println("Finished fetching from $endpoint")
        return result
    }

    suspend fun run() {
        val start = time.markNow()
        val allResults =
            gather(
                { fetchFromApi("users", 1.seconds) },
                { fetchFromApi("products", 2.seconds) },
                { fetchFromApi("orders", 1.5.seconds) },
            )
        val elapsed = start.elapsedNow().toDouble(SECONDS)
        out.println("\nAll tasks finished in ${"%.2f".format(Locale.ROOT, elapsed)} seconds.")
        out.println("--- Results ---")
        out.println(allResults) // {endpoint=users, …} where Python prints {'endpoint': 'users', …}
    }
}

fun main() = runBlocking { FetchFromApi(System.out).run() }

package dev.gather.samples.coroutines

import dev.gather.Outcome
import dev.gather.coroutines.gatherSettled
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import java.io.PrintStream
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * Tutorial 002, handling exceptions: one endpoint fails, the others deliver.
 *
 * ```python
 * async def fetch_or_fail(endpoint: str, delay: float, should_fail: bool = False):
 *     """A coroutine that might fail."""
 *     print(f"Fetching from {endpoint}...")
 *     await asyncio.sleep(delay)
 *     if should_fail:
 *         raise ValueError(f"Failed to fetch from {endpoint}")
 *     return {"endpoint": endpoint, "status": "success"}
 *
 * async def main_with_errors():
 *     print("Running tasks with potential errors...")
 *     results = await asyncio.gather(
 *         fetch_or_fail("users", 1),
 *         fetch_or_fail("products", 2, should_fail=True),
 *         fetch_or_fail("orders", 1.5),
 *         return_exceptions=True  # <-- The important part
 *     )
 *     print("\n--- All tasks complete ---")
 *     for res in results:
 *         if isinstance(res, Exception):
 *             print(f"A task failed: {res}")
 *         else:
 *             print(f"A task succeeded: {res}")
 * ```
 */
class FetchOrFail(private val out: PrintStream) {
    /** A suspend function that might fail. */
    suspend fun fetchOrFail(endpoint: String, delay: Duration, shouldFail: Boolean = false): Map<String, String> {
        out.println("Fetching from $endpoint...")
        delay(delay)
        if (shouldFail) throw IllegalArgumentException("Failed to fetch from $endpoint")
        return mapOf("endpoint" to endpoint, "status" to "success")
    }

    suspend fun run() {
        out.println("Running tasks with potential errors...")
        val results =
            gatherSettled( // <-- The important part
                { fetchOrFail("users", 1.seconds) },
                { fetchOrFail("products", 2.seconds, shouldFail = true) },
                { fetchOrFail("orders", 1.5.seconds) },
            )
        out.println("\n--- All tasks complete ---")
        for (res in results) {
            if (res is Outcome.Failure) {
                out.println("A task failed: ${res.cause.message}")
            } else {
                // {endpoint=users, …} where Python prints {'endpoint': 'users', …}
                out.println("A task succeeded: ${res.getOrThrow()}")
            }
        }
    }
}

fun main() = runBlocking { FetchOrFail(System.out).run() }

package dev.gather.samples.future;

import dev.gather.Outcome;
import dev.gather.future.Gather;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Tutorial 002, handling exceptions: one endpoint fails, the others deliver.
 *
 * <pre>{@code
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
 * }</pre>
 */
public record FetchOrFail(PrintStream out, SampleClock clock) {

  /** A stage that might fail. */
  CompletableFuture<Map<String, String>> fetchOrFail(
      String endpoint, double delay, boolean shouldFail) {
    out.println("Fetching from " + endpoint + "...");
    return clock
        .after(delay)
        .thenApply(
            passed -> {
              if (shouldFail) {
                throw new IllegalArgumentException("Failed to fetch from " + endpoint);
              }
              Map<String, String> result = new LinkedHashMap<>(); // prints in order, as a dict does
              result.put("endpoint", endpoint);
              result.put("status", "success");
              return result;
            });
  }

  void run() {
    out.println("Running tasks with potential errors...");
    List<Outcome<Map<String, String>>> results =
        Gather.started(
                List.of(
                    fetchOrFail("users", 1, false),
                    fetchOrFail("products", 2, true),
                    fetchOrFail("orders", 1.5, false)))
            .settled() // <-- The important part
            .join();
    out.println();
    out.println("--- All tasks complete ---");
    for (Outcome<Map<String, String>> res : results) {
      if (res instanceof Outcome.Failure<?> failure) {
        out.println("A task failed: " + failure.cause().getMessage());
      } else {
        // {endpoint=users, …} where Python prints {'endpoint': 'users', …}
        out.println("A task succeeded: " + res.getOrThrow());
      }
    }
  }

  public static void main(String[] args) {
    new FetchOrFail(System.out, SampleClock.real()).run();
  }
}

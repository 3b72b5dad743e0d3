package dev.gather.samples.future;

import dev.gather.future.Gather;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Tutorial 002: three endpoints, finished in another order than their results stand in.
 *
 * <pre>{@code
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
 * }</pre>
 */
public record FetchFromApi(PrintStream out, SampleClock clock) {

  /** Simulates fetching data from a slow API. */
  CompletableFuture<Map<String, String>> fetchFromApi(String endpoint, double delay) {
    out.println("Fetching from " + endpoint + "...");
    return clock
        .after(delay)
        .thenApply(
            passed -> {
              Map<String, String> result = new LinkedHashMap<>(); // prints in order, as a dict does
              result.put("endpoint", endpoint);
              result.put("status", "success");
              out.println("Finished fetching from " + endpoint);
              return result;
            });
  }

  void run() {
    double startTime = clock.now();
    // The calls stand in this thread, so the "Fetching" lines come in the order of the arguments.
    List<Map<String, String>> allResults =
        Gather.started(
                List.of(
                    fetchFromApi("users", 1),
                    fetchFromApi("products", 2),
                    fetchFromApi("orders", 1.5)))
            .all()
            .join();
    double endTime = clock.now();
    out.printf(Locale.ROOT, "%nAll tasks finished in %.2f seconds.%n", endTime - startTime);
    out.println("--- Results ---");
    out.println(allResults); // {endpoint=users, …} where Python prints {'endpoint': 'users', …}
  }

  public static void main(String[] args) {
    new FetchFromApi(System.out, SampleClock.real()).run();
  }
}

package dev.gather.samples.future;

import dev.gather.future.Gather;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * Tutorial 000: three sources at the same time take as long as the slowest.
 *
 * <pre>{@code
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
 * }</pre>
 */
public record FetchData(PrintStream out, SampleClock clock) {

  CompletableFuture<String> fetchData(String source, double delay) {
    out.println("Fetching data from " + source + "...");
    return clock
        .after(delay) // Simulating network request
        .thenApply(
            passed -> {
              out.println("Done fetching from " + source);
              return "Data from " + source;
            });
  }

  void run() {
    double start = clock.now();
    // The calls stand in this thread, so the "Fetching" lines come in the order of the arguments.
    List<String> results =
        Gather.started(List.of(fetchData("API 1", 3), fetchData("API 2", 1), fetchData("API 3", 2)))
            .all()
            .join();
    double end = clock.now();
    out.printf(Locale.ROOT, "All requests completed in %.2f seconds%n", end - start);
    out.println("Results: " + results); // Java prints a list of strings without the quotes
  }

  public static void main(String[] args) {
    new FetchData(System.out, SampleClock.real()).run();
  }
}

package dev.gather.samples.future;

import java.io.PrintStream;
import java.util.concurrent.CompletableFuture;

/**
 * Tutorial 002, section 1: the same without gather, to see what it saves. {@link FetchFromApi} is
 * the next step.
 *
 * <pre>{@code
 * async def main_manual():
 *     task1 = asyncio.create_task(fetch_from_api("endpoint1"))
 *     task2 = asyncio.create_task(fetch_from_api("endpoint2"))
 *     task3 = asyncio.create_task(fetch_from_api("endpoint3"))
 *     # Now we have to wait for them all
 *     await task1
 *     await task2
 *     await task3
 * }</pre>
 */
public record ManualTasks(PrintStream out, SampleClock clock) {

  CompletableFuture<String> fetchFromApi(String endpoint) {
    out.println("Fetching from " + endpoint + "...");
    return clock
        .after(1)
        .thenApply(
            passed -> {
              out.println("Finished fetching from " + endpoint);
              return endpoint;
            });
  }

  void run() {
    CompletableFuture<String> task1 = fetchFromApi("endpoint1");
    CompletableFuture<String> task2 = fetchFromApi("endpoint2");
    CompletableFuture<String> task3 = fetchFromApi("endpoint3");
    // Now we have to wait for them all
    task1.join();
    task2.join();
    task3.join();
  }

  public static void main(String[] args) {
    new ManualTasks(System.out, SampleClock.real()).run();
  }
}

package dev.gather.samples.future;

import dev.gather.future.Gather;
import dev.gather.future.Task;
import java.io.PrintStream;
import java.util.concurrent.CompletableFuture;

/**
 * Tutorial 004, example 1: two calls, each result under its own name.
 *
 * <pre>{@code
 * async def call_api(message, result, delay=3):
 *     print(message)
 *     await asyncio.sleep(delay)
 *     return result
 *
 * async def main():
 *     a, b = await asyncio.gather(
 *         call_api('Calling API 1 ...', 100, 1),
 *         call_api('Calling API 2 ...', 200, 2)
 *     )
 *     print(a, b)
 * }</pre>
 */
public record CallApi(PrintStream out, SampleClock clock) {

  CompletableFuture<Integer> callApi(String message, int result, double delay) {
    out.println(message);
    return clock.after(delay).thenApply(passed -> result);
  }

  void run() {
    Task<Integer> a = Task.started(callApi("Calling API 1 ...", 100, 1));
    Task<Integer> b = Task.started(callApi("Calling API 2 ...", 200, 2));
    out.println(Gather.of(a, b).combine(r -> r.get(a) + " " + r.get(b)).join());
  }

  public static void main(String[] args) {
    new CallApi(System.out, SampleClock.real()).run();
  }
}

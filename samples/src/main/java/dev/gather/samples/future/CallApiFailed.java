package dev.gather.samples.future;

import dev.gather.GatherException;
import dev.gather.future.Gather;
import dev.gather.future.Task;
import java.io.PrintStream;
import java.util.concurrent.CompletableFuture;

/**
 * Tutorial 004, example 2: one call fails, and its exception reaches the caller.
 *
 * <pre>{@code
 * async def call_api_failed():
 *     await asyncio.sleep(3)
 *     raise APIError('API failed')
 *
 * async def main():
 *     a, b, c = await asyncio.gather(
 *         call_api('Calling API 1 ...', 100, 1),
 *         call_api('Calling API 2 ...', 200, 2),
 *         call_api_failed()
 *     )
 *     print(a, b, c)
 * }</pre>
 *
 * <p>Python ends with a traceback whose last line is the one printed here.
 */
public record CallApiFailed(PrintStream out, SampleClock clock) {

  static final class APIError extends Exception {
    private static final long serialVersionUID = 1L;

    APIError(String message) {
      super(message);
    }
  }

  CompletableFuture<Integer> callApi(String message, int result, double delay) {
    out.println(message);
    return clock.after(delay).thenApply(passed -> result);
  }

  CompletableFuture<Integer> callApiFailed() {
    return clock
        .after(3)
        .thenCompose(passed -> CompletableFuture.failedFuture(new APIError("API failed")));
  }

  void run() {
    Task<Integer> a = Task.started(callApi("Calling API 1 ...", 100, 1));
    Task<Integer> b = Task.started(callApi("Calling API 2 ...", 200, 2));
    Task<Integer> c = Task.started(callApiFailed());
    try {
      out.println(
          Gather.of(a, b, c)
              .combine(r -> r.get(a) + " " + r.get(b) + " " + r.get(c)) // not reached
              .join());
    } catch (GatherException e) {
      // join() throws a GatherException; its cause is the APIError itself, not a copy.
      if (e.getCause() instanceof APIError error) {
        out.println("APIError: " + error.getMessage());
      }
    }
  }

  public static void main(String[] args) {
    new CallApiFailed(System.out, SampleClock.real()).run();
  }
}

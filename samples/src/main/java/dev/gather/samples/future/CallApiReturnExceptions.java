package dev.gather.samples.future;

import dev.gather.Outcome;
import dev.gather.future.Gather;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Tutorial 004, example 3: the exception is one of the results.
 *
 * <pre>{@code
 * async def call_api_failed():
 *     await asyncio.sleep(1)
 *     raise APIError('API failed')
 *
 * async def main():
 *     a, b, c = await asyncio.gather(
 *         call_api('Calling API 1 ...', 100, 1),
 *         call_api('Calling API 2 ...', 200, 2),
 *         call_api_failed(),
 *         return_exceptions=True
 *     )
 *     print(a, b, c)
 * }</pre>
 */
public record CallApiReturnExceptions(PrintStream out, SampleClock clock) {

  static final class APIError extends Exception {
    private static final long serialVersionUID = 1L;

    APIError(String message) {
      super(message);
    }

    @Override
    public String toString() { // as __str__ in the original
      return getMessage();
    }
  }

  CompletableFuture<Integer> callApi(String message, int result, double delay) {
    out.println(message);
    return clock.after(delay).thenApply(passed -> result);
  }

  CompletableFuture<Integer> callApiFailed() {
    return clock
        .after(1)
        .thenCompose(passed -> CompletableFuture.failedFuture(new APIError("API failed")));
  }

  void run() {
    List<Outcome<Integer>> results =
        Gather.started(
                List.of(
                    callApi("Calling API 1 ...", 100, 1),
                    callApi("Calling API 2 ...", 200, 2),
                    callApiFailed()))
            .settled()
            .join();
    Object a = valueOrException(results.get(0));
    Object b = valueOrException(results.get(1));
    Object c = valueOrException(results.get(2));
    out.println(a + " " + b + " " + c);
  }

  /** Python puts either into the list; an {@link Outcome} knows which one it is. */
  private static Object valueOrException(Outcome<Integer> outcome) {
    return outcome instanceof Outcome.Failure<?> failure ? failure.cause() : outcome.getOrThrow();
  }

  public static void main(String[] args) {
    new CallApiReturnExceptions(System.out, SampleClock.real()).run();
  }
}

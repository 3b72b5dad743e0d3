package dev.gather.samples.future;

import dev.gather.future.Gather;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Tutorial 001: two countdowns that take turns.
 *
 * <pre>{@code
 * async def countdown(start):
 *     n = start
 *     while n > 0:
 *         print(f"countdown({start}): {n}")
 *         await asyncio.sleep(1)
 *         n -= 1
 *
 * async def main():
 *     await asyncio.gather(countdown(3), countdown(2))
 * }</pre>
 *
 * <p>The tutorial leaves {@code countdown} open; this is the usual one, which says who is counting.
 */
public record Countdown(PrintStream out, SampleClock clock) {

  CompletableFuture<Void> countdown(int start) {
    return countdown(start, start);
  }

  private CompletableFuture<Void> countdown(int start, int n) {
    if (n == 0) {
      return CompletableFuture.completedFuture(null);
    }
    out.println("countdown(" + start + "): " + n);
    return clock.after(1).thenCompose(passed -> countdown(start, n - 1));
  }

  void run() {
    Gather.started(List.of(countdown(3), countdown(2))).all().join();
  }

  public static void main(String[] args) {
    new Countdown(System.out, SampleClock.real()).run();
  }
}

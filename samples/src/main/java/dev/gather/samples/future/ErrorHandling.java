package dev.gather.samples.future;

import dev.gather.GatherException;
import dev.gather.Outcome;
import dev.gather.future.Gather;
import java.io.PrintStream;
import java.util.List;

/**
 * Tutorial 000, error handling: a failure stops everything, or becomes part of the results.
 *
 * <pre>{@code
 * try:
 *     results = await asyncio.gather(coroutine1(), coroutine2(), coroutine3())
 * except Exception as e:
 *     print(f"Something failed: {e}")
 *
 * results = await asyncio.gather(
 *     coroutine1(), coroutine2(), coroutine3(), return_exceptions=True)
 *
 * for i, result in enumerate(results):
 *     if isinstance(result, Exception):
 *         print(f"Task {i} failed with: {result}")
 *     else:
 *         print(f"Task {i} succeeded with: {result}")
 * }</pre>
 *
 * <p>The tutorial leaves the three coroutines open; here the second one fails.
 */
public record ErrorHandling(PrintStream out, SampleClock clock) {

  String coroutine1() throws InterruptedException {
    clock.sleep(1);
    return "first";
  }

  String coroutine2() throws InterruptedException {
    clock.sleep(2);
    throw new IllegalStateException("no answer");
  }

  String coroutine3() throws InterruptedException {
    clock.sleep(3);
    return "third";
  }

  void run() {
    // A description: all() and settled() each run it once.
    Gather<String> three = Gather.of(this::coroutine1, this::coroutine2, this::coroutine3);

    // By default a failure stops everything: coroutine3 is interrupted in its sleep.
    try {
      three.all().join();
    } catch (GatherException e) {
      out.println("Something failed: " + e.getCause().getMessage());
    }

    // With settled() failures become part of the results.
    List<Outcome<String>> results = three.settled().join();
    for (int i = 0; i < results.size(); i++) {
      if (results.get(i) instanceof Outcome.Failure<String> failure) {
        out.println("Task " + i + " failed with: " + failure.cause().getMessage());
      } else {
        out.println("Task " + i + " succeeded with: " + results.get(i).getOrThrow());
      }
    }
  }

  public static void main(String[] args) {
    new ErrorHandling(System.out, SampleClock.real()).run();
  }
}

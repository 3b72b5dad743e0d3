package dev.gather.samples.future;

import dev.gather.future.Gather;
import java.io.PrintStream;
import java.util.List;

/**
 * Tutorial 003: "c" returns first and is still the third entry.
 *
 * <pre>{@code
 * async def fetch(name, delay_ms):
 *     await asyncio.sleep_ms(delay_ms)
 *     return name
 *
 * async def main():
 *     results = await asyncio.gather(
 *         fetch("a", 100),
 *         fetch("b", 200),
 *         fetch("c", 50),
 *     )
 *     print(results)
 * }</pre>
 */
public record FetchLetters(PrintStream out, SampleClock clock) {

  String fetch(String name, int delayMs) throws InterruptedException {
    clock.sleep(delayMs / 1000.0);
    return name;
  }

  void run() {
    List<String> results =
        Gather.of(
                () -> fetch("a", 100), //
                () -> fetch("b", 200),
                () -> fetch("c", 50))
            .all()
            .join();
    out.println(results); // [a, b, c] where Python prints ['a', 'b', 'c']
  }

  public static void main(String[] args) {
    new FetchLetters(System.out, SampleClock.real()).run();
  }
}

package dev.gather.samples.future;

import dev.gather.future.Gather;
import java.io.PrintStream;
import java.util.List;

/**
 * Tutorial 001: the results stand in the order of the arguments, although the second takes longest.
 *
 * <pre>{@code
 * async def main():
 *     results = await asyncio.gather(fetch_data(1), fetch_data(2), fetch_data(3))
 *     print(results)
 * }</pre>
 *
 * <p>The tutorial leaves {@code fetch_data} open.
 */
public record FetchInOrder(PrintStream out, SampleClock clock) {

  String fetchData(int id) throws InterruptedException {
    clock.sleep(id == 2 ? 3 : id);
    return "Data " + id;
  }

  void run() {
    // The short form of Gather.of(() -> fetchData(1), () -> fetchData(2), () -> fetchData(3)).
    List<String> results = Gather.each(List.of(1, 2, 3), this::fetchData).all().join();
    out.println(results);
  }

  public static void main(String[] args) {
    new FetchInOrder(System.out, SampleClock.real()).run();
  }
}

package dev.gather.samples.future;

import dev.gather.Outcome;
import dev.gather.future.Gather;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Tutorial 003, exceptions in the group: each entry is a value or the exception that was raised.
 *
 * <pre>{@code
 * results = await asyncio.gather(
 *     fetch_or_fail("ok"),
 *     fetch_or_fail("bad"),
 *     return_exceptions=True,
 * )
 * # results == ["ok-value", OSError(...)]
 * }</pre>
 *
 * <p>The tutorial leaves {@code fetch_or_fail} open. What it reports as an {@code OSError} is an
 * {@link IOException} here.
 */
public record FetchOkAndBad(PrintStream out, SampleClock clock) {

  String fetchOrFail(String name) throws IOException, InterruptedException {
    clock.sleep(0.1);
    if (name.equals("bad")) {
      throw new IOException("no route to bad");
    }
    return name + "-value";
  }

  void run() {
    List<Outcome<String>> results =
        Gather.of(
                () -> fetchOrFail("ok"), //
                () -> fetchOrFail("bad"))
            .settled()
            .join();

    List<Object> valuesAndExceptions = new ArrayList<>();
    for (Outcome<String> r : results) {
      valuesAndExceptions.add(
          r instanceof Outcome.Failure<String> failure ? failure.cause() : r.getOrThrow());
    }
    out.println(valuesAndExceptions); // [ok-value, java.io.IOException: no route to bad]
  }

  public static void main(String[] args) {
    new FetchOkAndBad(System.out, SampleClock.real()).run();
  }
}

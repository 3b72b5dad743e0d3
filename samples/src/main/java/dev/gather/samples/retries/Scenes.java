package dev.gather.samples.retries;

import dev.gather.future.Gather;
import dev.gather.future.GatherFuture;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;

/**
 * Retries that help, that the deadline ends and that the caller cancels.
 *
 * @param out where to print
 * @param retrying a gather whose task tries an endpoint three times, with a pause before each next
 *     attempt
 */
record Scenes(PrintStream out, BiFunction<Endpoint, Duration, Gather<String>> retrying) {
  private static final Duration SHORT = Duration.ofMillis(10);
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration DEADLINE = Duration.ofMillis(500);

  void play() {
    out.println("--- the third attempt answers ---");
    out.println(retrying.apply(new FlakyEndpoint(out, "users", 2), SHORT).all().join());

    out.println("--- the deadline passes between two attempts ---");
    FlakyEndpoint prices = FlakyEndpoint.down(out, "prices");
    try {
      retrying.apply(prices, LONG).timeout(DEADLINE).all().join();
    } catch (CompletionException e) {
      out.println(e.getCause().getMessage() + ", attempts: " + prices.attempts());
    }

    out.println("--- the caller cancels between two attempts ---");
    FlakyEndpoint stock = FlakyEndpoint.down(out, "stock");
    GatherFuture<List<String>> all = retrying.apply(stock, LONG).all();
    stock.failed().join();
    all.cancel(true);
    all.terminated().join();
    out.println("cancelled, attempts: " + stock.attempts());
  }
}

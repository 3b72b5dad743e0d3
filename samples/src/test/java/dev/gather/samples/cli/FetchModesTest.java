package dev.gather.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code gather fetch} in its other ways: results as they come, mirrors, polite to hosts. */
@Timeout(value = 60, threadMode = SEPARATE_THREAD)
class FetchModesTest {
  private TestServer server;

  /** Until then /slow is not answered. */
  private final CountDownLatch answerSlow = new CountDownLatch(1);

  @BeforeEach
  void startServer() throws IOException {
    server =
        new TestServer()
            .on("/a", 200, "aaaa")
            .on("/missing", 404, "sorry")
            .on(
                "/slow",
                exchange -> {
                  await(answerSlow);
                  TestServer.answer(exchange, 200, "slow");
                })
            .on("/quick", 200, "quick");
  }

  @AfterEach
  void stopServer() {
    answerSlow.countDown();
    server.close();
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      assertTrue(latch.await(30, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static List<String> withoutTimes(List<String> lines) {
    return lines.stream().map(line -> line.replaceAll(", \\d+ ms$", ", T")).toList();
  }

  // ---- --as-completed

  @Test
  void aResultIsPrintedWhileOthersAreStillFetched() {
    // The third is asked for when the second has been printed, and only then the first is answered.
    server.on("/quick", 200, "quick");
    server.on(
        "/third",
        exchange -> {
          answerSlow.countDown();
          TestServer.answer(exchange, 200, "");
        });
    Cli.Result result =
        Cli.piped()
            .run(
                "fetch",
                "--as-completed",
                "--limit",
                "2",
                server.url("/slow"),
                server.url("/quick"),
                server.url("/third"));
    List<String> lines = withoutTimes(result.outLines());
    assertEquals(server.url("/quick") + ": 200, 5 B, T", lines.get(0));
    assertTrue(lines.contains(server.url("/slow") + ": 200, 4 B, T"), result.out());
    assertTrue(lines.get(3).startsWith("3 of 3 fetched, 9 B in "), lines.get(3));
    assertEquals(List.of(), result.errLines());
    assertEquals(0, result.exitCode());
  }

  @Test
  void asJsonEachResultIsALineOfItsOwn() throws IOException {
    Cli.Result result =
        Cli.piped()
            .run(
                "fetch",
                "--as-completed",
                "--json",
                "-l1",
                server.url("/missing"),
                server.url("/a"));
    List<String> lines = result.outLines();
    assertEquals(2, lines.size());
    JsonNode missing = new ObjectMapper().readTree(lines.get(0));
    assertEquals(server.url("/missing"), missing.get("url").asText());
    assertEquals("failed", missing.get("state").asText());
    assertEquals(404, missing.get("status").asInt());
    assertEquals("fetched", new ObjectMapper().readTree(lines.get(1)).get("state").asText());
    assertTrue(result.errLines().get(0).startsWith("1 of 2 fetched, 4 B in "), result.err());
    assertEquals(1, result.exitCode());
  }

  @Test
  void aUrlGivenTwiceIsFetchedOnceAndPrintedTwice() {
    Cli.Result result =
        Cli.piped().run("fetch", "--as-completed", server.url("/a"), server.url("/a"));
    assertEquals(
        List.of(server.url("/a") + ": 200, 4 B, T", server.url("/a") + ": 200, 4 B, as before"),
        withoutTimes(result.outLines()).subList(0, 2));
    assertEquals(1, server.requests("/a"));
  }

  @Test
  void failFastEndsAtTheFirstFailure() {
    Cli.Result result =
        Cli.piped()
            .run(
                "fetch",
                "--as-completed",
                "--fail-fast",
                server.url("/slow"),
                server.url("/missing"));
    assertEquals(
        List.of(server.url("/missing") + ": HTTP 404, T"),
        withoutTimes(result.outLines()).subList(0, 1));
    assertTrue(result.outLines().get(1).startsWith("0 of 2 fetched"), result.out());
    assertEquals(1, result.exitCode());
  }

  // ---- --any

  @Test
  void theFirstGoodAnswerWinsAndTheOthersAreAborted() {
    CountDownLatch asked = new CountDownLatch(1);
    server.on(
        "/never",
        exchange -> {
          asked.countDown();
          await(answerSlow);
        });
    server.on(
        "/mirror",
        exchange -> {
          await(asked);
          TestServer.answer(exchange, 200, "mirror");
        });
    Cli.Result result =
        Cli.piped()
            .run(
                "fetch",
                "--any",
                "--limit",
                "2", // so the mirror is asked when the first has failed
                server.url("/missing"),
                server.url("/never"),
                server.url("/mirror"));
    List<String> lines = result.outLines();
    assertTrue(lines.get(1).endsWith("HTTP 404"), lines.get(1));
    assertTrue(lines.get(2).endsWith("cancelled: another one was first"), lines.get(2));
    String last = lines.get(lines.size() - 1);
    assertTrue(last.startsWith(server.url("/mirror") + " was first: 6 B in "), last);
    assertEquals(0, result.exitCode());
  }

  @Test
  void withoutAnyGoodAnswerItFails() {
    Cli.Result result =
        Cli.piped().run("fetch", "--any", server.url("/missing"), server.url("/nowhere"));
    assertTrue(result.out().contains("0 of 2 fetched"), result.out());
    assertEquals(1, result.exitCode());
  }

  // ---- --per-host, --rate

  @Test
  void noMoreRequestsThanAllowedAreAtAHost() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    String[] urls =
        IntStream.range(0, 20)
            .mapToObj(
                i -> {
                  server.on(
                      "/" + i,
                      exchange -> {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        inside.decrementAndGet();
                        TestServer.answer(exchange, 200, "x");
                      });
                  return server.url("/" + i);
                })
            .toArray(String[]::new);
    Cli.Result result =
        Cli.piped()
            .run(
                Stream.concat(Stream.of("fetch", "--per-host", "2"), Stream.of(urls))
                    .toArray(String[]::new));
    assertTrue(result.out().contains("20 of 20 fetched"), result.out());
    assertTrue(most.get() <= 2, "at the same time: " + most);
  }

  @Test
  void aHostIsAskedNoMoreOftenThanItsRate() throws Exception {
    try (TestServer other = new TestServer().on("/b", 200, "bb")) {
      // One at once to each host; the second to the same host would come in an hour.
      Cli.Result result =
          Cli.piped()
              .run(
                  "fetch",
                  "--rate",
                  "1/h",
                  "--deadline",
                  "1s",
                  server.url("/a"),
                  server.url("/quick"),
                  other.url("/b"));
      assertTrue(result.out().contains("2 of 3 fetched"), result.out());
      assertEquals(1, server.requests());
      assertEquals(1, other.requests());
    }
  }

  @Test
  void badRatesAndCombinationsAreRefused() {
    assertEquals(
        List.of("gather: --per-host must be at least 1, but was 0"),
        Cli.piped().run("fetch", "--per-host", "0", server.url("/a")).errLines());
    assertEquals(
        List.of("gather: --rate must be more than zero"),
        Cli.piped().run("fetch", "--rate", "0/s", server.url("/a")).errLines());
    Cli.Result notARate = Cli.piped().run("fetch", "--rate", "fast", server.url("/a"));
    assertTrue(
        notARate.err().contains("'fast' is not a rate such as 20/s or 90/m"), notARate.err());
    assertEquals(2, notARate.exitCode());
    assertEquals(
        List.of(
            "gather: --any wants one answer; it goes with neither --fail-fast nor --as-completed"),
        Cli.piped().run("fetch", "--any", "--as-completed", server.url("/a")).errLines());
    assertEquals(0, server.requests());
  }
}

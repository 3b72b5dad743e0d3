package dev.gather.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code gather fetch} against servers in this JVM: what is fetched, and what is said about it. */
@Timeout(value = 60, threadMode = SEPARATE_THREAD)
class FetchTest {
  @TempDir private Path dir;
  private TestServer server;

  @BeforeEach
  void startServer() throws IOException {
    server =
        new TestServer()
            .on("/a", 200, "aaaa")
            .on("/b", 200, "bb")
            .on("/empty", 204, "")
            .on("/missing", 404, "sorry")
            .on("/broken", 503, "");
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  /** URL, status, bytes and error of each line; milliseconds are as they are. */
  private List<String> rows(Cli.Result result) {
    return result.outLines().stream()
        .skip(1)
        .takeWhile(line -> !line.isEmpty())
        .map(line -> line.replaceAll(" +", " ").replace(server.url(""), ""))
        .map(line -> line.replaceFirst("^(\\S+ \\S+ \\S+) \\d+", "$1").strip())
        .toList();
  }

  private static void summaryStartsWith(String start, Cli.Result result) {
    List<String> lines = result.outLines();
    String last = lines.get(lines.size() - 1);
    assertTrue(last.startsWith(start), last);
    assertTrue(
        last.matches(".* in \\d+\\.\\d\\d s; one after another it would have been .* s \\(.*x\\)"),
        last);
  }

  @Test
  void reportsInInputOrderAndExitsWith0WhenAllIsWell() {
    Cli.Result result =
        Cli.piped().run("fetch", server.url("/b"), server.url("/empty"), server.url("/a"));
    assertEquals(List.of("/b 200 2", "/empty 204 0", "/a 200 4"), rows(result));
    summaryStartsWith("3 of 3 fetched, 6 B in ", result);
    assertEquals(0, result.exitCode());
  }

  @Test
  void inputOrderIsKeptWhenTheFirstIsTheLastToEnd() throws Exception {
    // The first is answered when the second has been, and not before.
    var second = new java.util.concurrent.CountDownLatch(1);
    server.on(
        "/slow",
        exchange -> {
          try {
            assertTrue(second.await(30, TimeUnit.SECONDS));
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          TestServer.answer(exchange, 200, "slow");
        });
    server.on(
        "/quick",
        exchange -> {
          TestServer.answer(exchange, 200, "quick");
          second.countDown();
        });
    Cli.Result result = Cli.piped().run("fetch", server.url("/slow"), server.url("/quick"));
    assertEquals(List.of("/slow 200 4", "/quick 200 5"), rows(result));
  }

  @Test
  void collectsFailuresAndExitsWith1() throws IOException {
    int closedPort;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closedPort = socket.getLocalPort();
    }
    String refused = "http://127.0.0.1:" + closedPort + "/";
    Cli.Result result =
        Cli.piped()
            .run("fetch", server.url("/missing"), server.url("/a"), refused, server.url("/broken"));
    assertEquals(
        List.of(
            "/missing 404 5 HTTP 404",
            "/a 200 4",
            refused + " - - connection refused",
            "/broken 503 0 HTTP 503"),
        rows(result));
    summaryStartsWith("1 of 4 fetched, 4 B in ", result);
    assertEquals(1, result.exitCode());
  }

  @Test
  void anUnknownHostIsCalledThat() {
    Cli.Result result = Cli.piped().run("fetch", "http://no-such-host.invalid/");
    assertEquals(List.of("http://no-such-host.invalid/ - - unknown host"), rows(result));
  }

  @Test
  void followsRedirects() {
    server.on(
        "/old",
        exchange -> {
          exchange.getResponseHeaders().set("Location", "/a");
          TestServer.answer(exchange, 301, "");
        });
    server.on("/nowhere", 302, "");
    Cli.Result result = Cli.piped().run("fetch", server.url("/old"), server.url("/nowhere"));
    assertEquals("/old 200 4", rows(result).get(0));
    assertEquals("/nowhere - - invalid redirection", rows(result).get(1));
    assertEquals(1, result.exitCode());
  }

  @Test
  void aUrlGivenTwiceIsFetchedOnceAndReportedInBothPlaces() {
    Cli.Result result =
        Cli.piped()
            .run(
                "fetch",
                server.url("/a"),
                server.url("/missing"),
                server.url("/a#part"),
                server.url("/missing"),
                server.url("/a"));
    assertEquals(
        List.of(
            "/a 200 4",
            "/missing 404 5 HTTP 404",
            "/a 200 4",
            "/missing 404 5 HTTP 404",
            "/a 200 4"),
        rows(result));
    assertEquals(1, server.requests("/a"));
    assertEquals(1, server.requests("/missing"));
    List<String> table = result.outLines();
    assertEquals(table.get(1), table.get(3), "the same milliseconds too");
    summaryStartsWith("3 of 5 fetched, 4 B in ", result);
    assertEquals(5, result.errLines().size(), "progress ends at the total: " + result.err());
    assertEquals(
        3, result.errLines().stream().filter(line -> line.endsWith(", as before")).count());
  }

  @Test
  void readsFilesAndStandardInputAsItsArgumentsSay() throws IOException {
    Path list = dir.resolve("urls.txt");
    Files.writeString(list, "# two\n  " + server.url("/a") + "  \r\n\n" + server.url("/b") + "\n");
    assertEquals(
        List.of("/empty 204 0", "/a 200 4", "/b 200 2"),
        rows(Cli.piped().run("fetch", "--file", list.toString(), server.url("/empty"))));
    Cli typed = Cli.piped().typed(server.url("/b") + "\n" + server.url("/a"));
    assertEquals(List.of("/b 200 2", "/a 200 4"), rows(typed.run("fetch")));
    assertEquals(List.of("/b 200 2", "/a 200 4"), rows(typed.run("fetch", "--file", "-")));
    assertEquals(
        List.of("/empty 204 0", "/b 200 2", "/a 200 4"),
        rows(typed.run("fetch", server.url("/empty"), "-")));
  }

  @Test
  void theLimitIsReachedAndNotPassed() {
    TestServer.Meeting meeting = new TestServer.Meeting(3);
    String[] args = new String[3 + 9];
    args[0] = "fetch";
    args[1] = "--limit";
    args[2] = "3";
    for (int i = 0; i < 9; i++) {
      server.on("/" + i, meeting);
      args[3 + i] = server.url("/" + i);
    }
    // Nobody is answered before three have met: fewer at a time would never end.
    Cli.Result result = Cli.piped().run(args);
    assertEquals(0, result.exitCode(), result.out());
    assertEquals(3, meeting.most());
  }

  @Test
  void aLimitOf1MeansOneAfterAnother() {
    TestServer.Meeting meeting = new TestServer.Meeting(1);
    server.on("/x", meeting).on("/y", meeting).on("/z", meeting);
    Cli.Result result =
        Cli.piped().run("fetch", "-l1", server.url("/x"), server.url("/y"), server.url("/z"));
    assertEquals(0, result.exitCode(), result.out());
    assertEquals(1, meeting.most());
  }

  @Test
  void aServerThatNeverAnswersTimesOutAndSeesTheConnectionClose() throws Exception {
    try (SilentServer silent = SilentServer.neverAnswers()) {
      Cli.Result result =
          Cli.piped().run("fetch", "--timeout", "2s", silent.url("/"), server.url("/a"));
      assertEquals(List.of(silent.url("/") + " - - timed out after 2s", "/a 200 4"), rows(result));
      assertEquals(1, result.exitCode());
      silent.awaitHangUp();
    }
  }

  @Test
  void theDeadlineReportsWhatIsThere() throws Exception {
    try (SilentServer silent = SilentServer.neverAnswers()) {
      Cli.Result result =
          Cli.piped()
              .run(
                  "fetch",
                  "--deadline",
                  "3s",
                  "--limit",
                  "1",
                  server.url("/a"),
                  silent.url("/"),
                  server.url("/b"));
      assertEquals(
          List.of(
              "/a 200 4",
              silent.url("/") + " - - cancelled: the deadline of 3s passed",
              "/b - - not started: the deadline of 3s passed"),
          rows(result));
      assertEquals(1, result.exitCode());
      silent.awaitHangUp();
      assertEquals(0, server.requests("/b"));
    }
  }

  @Test
  void failFastCancelsTheOthersAtTheFirstFailure() throws Exception {
    try (SilentServer silent = SilentServer.neverAnswers()) {
      // It fails when the other one is under way.
      server.on(
          "/fails",
          exchange -> {
            silent.asked().orTimeout(30, TimeUnit.SECONDS).join();
            TestServer.answer(exchange, 500, "");
          });
      Cli.Result result =
          Cli.piped()
              .run(
                  "fetch",
                  "--fail-fast",
                  "--limit",
                  "2",
                  silent.url("/"),
                  server.url("/fails"),
                  server.url("/a"));
      assertEquals(
          List.of(
              silent.url("/") + " - - cancelled: another one failed",
              "/fails 500 0 HTTP 500",
              "/a - - not started: another one failed"),
          rows(result));
      assertEquals(1, result.exitCode());
      silent.awaitHangUp();
      assertEquals(0, server.requests("/a"));
    }
  }

  @Test
  void failFastWithoutAFailureIsLikeAnyOther() {
    Cli.Result result = Cli.piped().run("fetch", "--fail-fast", server.url("/a"), server.url("/a"));
    assertEquals(List.of("/a 200 4", "/a 200 4"), rows(result));
    assertEquals(0, result.exitCode());
  }

  @Test
  void failFastAtTheDeadline() throws Exception {
    try (SilentServer silent = SilentServer.neverAnswers()) {
      Cli.Result result =
          Cli.piped().run("fetch", "--fail-fast", "--deadline", "300ms", silent.url("/"));
      assertEquals(
          List.of(silent.url("/") + " - - cancelled: the deadline of 300ms passed"), rows(result));
      assertEquals(1, result.exitCode());
    }
  }
}

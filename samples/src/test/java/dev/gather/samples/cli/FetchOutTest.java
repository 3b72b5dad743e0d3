package dev.gather.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code gather fetch --out}: which files are there afterwards, and which are not. */
@Timeout(value = 60, threadMode = SEPARATE_THREAD)
class FetchOutTest {
  @TempDir private Path dir;
  private Path out;
  private TestServer server;

  @BeforeEach
  void startServer() throws IOException {
    out = dir.resolve("new").resolve("out");
    server = new TestServer().on("/a.txt", 200, "first").on("/x/a.txt", 200, "second");
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private Cli.Result fetch(String... args) {
    String[] all =
        Stream.concat(Stream.of("fetch", "--out", out.toString()), Stream.of(args))
            .toArray(String[]::new);
    return Cli.piped().run(all);
  }

  /** Hidden ones too. */
  private Map<String, String> files() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(out)) {
      for (Path file : all.toList()) {
        files.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return files;
  }

  @Test
  void bodiesAreKeptUnderNamesThatDoNotCollide() throws IOException {
    server.on("/..%2F..%2Fevil", 200, "evil").on("/", 200, "root");
    Cli.Result result =
        fetch(
            server.url("/a.txt"),
            server.url("/x/a.txt"),
            server.url("/a.txt"),
            server.url("/..%2F..%2Fevil"),
            server.url("/"));
    assertEquals(0, result.exitCode(), result.out());
    assertEquals(
        Map.of("a.txt", "first", "a-2.txt", "second", "evil", "evil", "127.0.0.1", "root"),
        files());
    assertEquals(1, server.requests("/a.txt"));
    assertTrue(result.outLines().get(0).matches(".* MS +FILE +ERROR"), result.out());
    assertTrue(result.outLines().get(2).endsWith(" a-2.txt"), result.out());
    assertTrue(result.outLines().get(3).endsWith(" a.txt"), "the duplicate: " + result.out());
  }

  @Test
  void whatIsThereAlreadyStays() throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve("a.txt"), "mine");
    assertEquals(0, fetch(server.url("/a.txt")).exitCode());
    assertEquals(Map.of("a.txt", "mine", "a-2.txt", "first"), files());
  }

  @Test
  void aBodyIsReadableByOthersAsAnyNewFileIs() throws IOException {
    Path other = Files.createFile(dir.resolve("other"));
    fetch(server.url("/a.txt"));
    assertEquals(
        Files.getPosixFilePermissions(other), Files.getPosixFilePermissions(out.resolve("a.txt")));
  }

  @Test
  void aLargeBodyIsWholeToTheByte() throws IOException {
    String body = "0123456789abcdef".repeat(200_000);
    server.on("/large", 200, body);
    Cli.Result result = fetch(server.url("/large"));
    assertEquals(0, result.exitCode(), result.out());
    assertEquals(Map.of("large", body), files());
  }

  @Test
  void anErrorPageIsNotKept() throws IOException {
    server.on("/gone", 404, "an error page");
    assertEquals(1, fetch(server.url("/gone"), server.url("/a.txt")).exitCode());
    assertEquals(Map.of("a.txt", "first"), files());
  }

  @Test
  void aBodyThatStopsInTheMiddleLeavesNothing() throws IOException {
    server.on(
        "/cut",
        exchange -> {
          exchange.sendResponseHeaders(200, 1_000);
          OutputStream body = exchange.getResponseBody();
          body.write(new byte[500]);
          body.flush();
          exchange.close();
        });
    Cli.Result result = fetch(server.url("/cut"), server.url("/a.txt"));
    assertEquals(Map.of("a.txt", "first"), files());
    assertTrue(
        result.out().contains("the connection closed in the middle of the answer"), result.out());
    assertEquals(1, result.exitCode());
  }

  @Test
  void aTimeoutInTheMiddleLeavesNothing() throws Exception {
    try (SilentServer silent = SilentServer.halfAnswers()) {
      Cli.Result result = fetch("--timeout", "400ms", silent.url("/half"));
      assertTrue(result.out().contains("timed out after 400ms"), result.out());
      assertEquals(Map.of(), files());
      silent.awaitHangUp();
    }
  }

  @Test
  void failFastInTheMiddleLeavesOnlyWhatIsWhole() throws Exception {
    try (SilentServer silent = SilentServer.halfAnswers()) {
      server.on(
          "/fails",
          exchange -> {
            silent.asked().orTimeout(30, TimeUnit.SECONDS).join();
            TestServer.answer(exchange, 500, "");
          });
      Cli.Result result = fetch("--fail-fast", silent.url("/half"), server.url("/fails"));
      assertEquals(1, result.exitCode());
      assertEquals(Map.of(), files());
      silent.awaitHangUp();
    }
  }

  @Test
  void theDeadlineInTheMiddleLeavesNothing() throws Exception {
    try (SilentServer silent = SilentServer.halfAnswers()) {
      Cli.Result result = fetch("--deadline", "400ms", silent.url("/half"));
      assertTrue(result.out().contains("the deadline of 400ms passed"), result.out());
      assertEquals(Map.of(), files());
    }
  }
}

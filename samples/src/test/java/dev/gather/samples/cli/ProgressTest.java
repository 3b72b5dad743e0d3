package dev.gather.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A live bar for people, plain lines for everything else; never on standard output. */
@Timeout(value = 60, threadMode = SEPARATE_THREAD)
class ProgressTest {
  @TempDir private Path dir;

  @Test
  void plainLinesWhereNothingCanBeDrawn() throws Exception {
    try (TestServer server = new TestServer().on("/a", 200, "aaaa")) {
      Cli.Result result =
          Cli.piped().run("fetch", "--limit", "1", server.url("/a"), server.url("/b"));
      List<String> lines = result.errLines();
      assertEquals(2, lines.size(), result.err());
      assertTrue(
          lines.get(0).matches("\\[1/2] " + server.url("/a") + ": 200, 4 B, \\d+ ms"),
          lines.get(0));
      assertTrue(
          lines.get(1).matches("\\[2/2] " + server.url("/b") + ": HTTP 404, \\d+ ms"),
          lines.get(1));
      assertFalse(result.err().contains("\r") || result.err().contains("\u001b"), result.err());
      assertFalse(result.out().contains("\u001b"), result.out());
    }
  }

  @Test
  void aBarOnATerminalThatIsGoneAtTheEnd() throws Exception {
    try (TestServer server = new TestServer().on("/a", 200, "aaaa")) {
      Cli.Result result = Cli.onTerminal().run("fetch", server.url("/a"), server.url("/b"));
      String err = result.err();
      assertTrue(err.startsWith("\rfetch "), err);
      assertTrue(err.contains("100%") && err.contains(" 2/2 ") && err.contains("1 failed"), err);
      assertTrue(err.endsWith("\r" + " ".repeat(99) + "\r"), "cleared: " + err);
      assertFalse(err.contains("\n"), err);
      for (String drawing : err.split("\r")) {
        int length = drawing.replaceAll("\u001b\\[\\d+m", "").length();
        assertTrue(length < 100, "fits one line: " + drawing);
      }
      assertTrue(result.out().contains("\u001b[32m   200\u001b[0m"), result.out());
    }
  }

  @Test
  void theTableIsPlainWhenOnlyTheProgressIsOnATerminal() throws Exception {
    try (TestServer server = new TestServer().on("/a", 200, "aaaa")) {
      Cli.Result result = new Cli("", true, false, true).run("fetch", server.url("/a"));
      assertTrue(result.err().contains("100%"), result.err());
      assertFalse(result.out().contains("\u001b"), result.out());
    }
  }

  @Test
  void checksumsSayAboutTenLines() throws Exception {
    for (int i = 0; i < 25; i++) {
      Files.writeString(dir.resolve("f" + i), "x");
    }
    Cli.Result result = Cli.piped().run("checksum", dir.toString());
    List<String> counts =
        result.errLines().stream().map(line -> line.substring(0, line.indexOf(' '))).toList();
    assertEquals(
        List.of(
            "[3/25]", "[6/25]", "[9/25]", "[12/25]", "[15/25]", "[18/25]", "[21/25]", "[24/25]",
            "[25/25]"),
        counts);
    assertTrue(Cli.onTerminal().run("checksum", dir.toString()).err().contains("checksum 100%"));
  }
}

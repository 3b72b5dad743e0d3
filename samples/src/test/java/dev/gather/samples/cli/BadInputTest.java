package dev.gather.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every kind of bad input: one line that names it, exit code 2, nothing fetched. */
class BadInputTest {
  @TempDir private Path dir;
  private TestServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = new TestServer().on("/ok", 200, "ok");
  }

  @AfterEach
  void nothingWasFetched() {
    assertEquals(0, server.requests());
    server.close();
  }

  private static void refused(Cli.Result result, String... err) {
    assertEquals(List.of(err), result.errLines());
    assertEquals("", result.out());
    assertEquals(2, result.exitCode());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://h/a b | illegal character in path at position 11",
        "http://h/%zz | malformed escape pair at position 10",
        "http://[x | expected closing bracket for IPv6 address at position 10",
        "ftp://h/a    | it has to start with http:// or https://",
        "h.example    | it has to start with http:// or https://",
        "file:///etc  | it has to start with http:// or https://",
        "http:///a    | it names no host",
        "http:a       | it names no host",
        "http://h:99999/ | there is no such port",
        "http://h:0/  | there is no such port"
      })
  void malformedUrl(String url, String why) {
    refused(
        Cli.piped().run("fetch", server.url("/ok"), url),
        "gather: malformed URL '" + url + "': " + why);
  }

  @Test
  void malformedUrlInAFileIsNamedWithItsLine() throws IOException {
    Path list = Files.writeString(dir.resolve("urls.txt"), server.url("/ok") + "\n\n# x\nhtp:/x\n");
    refused(
        Cli.piped().run("fetch", "--file", list.toString()),
        "gather: malformed URL 'htp:/x' in '"
            + list
            + "', line 4: it has to start with http:// or https://");
  }

  @Test
  void malformedUrlInStandardInput() {
    refused(
        Cli.piped().typed("nonsense\n").run("fetch"),
        "gather: malformed URL 'nonsense' in standard input, line 1:"
            + " it has to start with http:// or https://");
  }

  @Test
  void noUrlAtAll() throws IOException {
    refused(
        Cli.onTerminal().run("fetch"),
        "gather: no URL given: name some, or use --file, standard input or --demo");
    refused(Cli.piped().run("fetch"), "gather: no URL in standard input");
    Path empty = Files.writeString(dir.resolve("empty"), "# only a comment\n\n");
    refused(Cli.piped().run("fetch", "-f", empty.toString()), "gather: no URL in '" + empty + "'");
  }

  @Test
  void unreadableFile() throws IOException {
    refused(
        Cli.piped().run("fetch", server.url("/ok"), "--file", dir + "/missing"),
        "gather: cannot read '" + dir + "/missing': no such file or directory");
    refused(
        Cli.piped().run("fetch", "--file", dir.toString()),
        "gather: cannot read '" + dir + "': is a directory");
    Path binary = Files.write(dir.resolve("binary"), new byte[] {'h', (byte) 0xff, '\n'});
    refused(
        Cli.piped().run("fetch", "--file", binary.toString()),
        "gather: cannot read '" + binary + "': it is not text in UTF-8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--limit 0     | --limit must be at least 1, but was 0",
        "--limit=-3    | --limit must be at least 1, but was -3",
        "--timeout 0s  | --timeout must be more than zero",
        "--deadline 0ms| --deadline must be more than zero"
      })
  void valueOutOfRange(String option, String line) {
    String[] words = option.trim().split(" ");
    String[] args =
        words.length == 1
            ? new String[] {"fetch", server.url("/ok"), words[0]}
            : new String[] {"fetch", server.url("/ok"), words[0], words[1]};
    refused(Cli.piped().run(args), "gather: " + line);
  }

  @Test
  void valueThatIsNone() {
    refused(
        Cli.piped().run("fetch", server.url("/ok"), "--limit", "many"),
        "gather: invalid value for option '--limit': 'many' is not an int",
        "try 'gather fetch --help'");
    refused(
        Cli.piped().run("fetch", server.url("/ok"), "--timeout", "5"),
        "gather: invalid value for option '--timeout':"
            + " '5' is not a duration such as 500ms, 2s or 1m",
        "try 'gather fetch --help'");
  }

  @Test
  void unwritableDirectory() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "x");
    refused(
        Cli.piped().run("fetch", server.url("/ok"), "--out", file.toString()),
        "gather: cannot write to directory '"
            + file
            + "': it is there already and not a directory");
    refused(
        Cli.piped().run("fetch", server.url("/ok"), "--out", file + "/below"),
        "gather: cannot write to directory '" + file + "/below': not a directory");
    assertEquals("x", Files.readString(file));
  }

  @Test
  void noDirectoryIsMadeForABadUrl() {
    Path out = dir.resolve("out");
    assertEquals(2, Cli.piped().run("fetch", "x", "--out", out.toString()).exitCode());
    assertFalse(Files.exists(out));
  }

  @Test
  void unknownCommandAndOption() {
    refused(
        Cli.piped().run("fetch", server.url("/ok"), "--bogus"),
        "gather: unknown option: '--bogus'",
        "try 'gather fetch --help'");
    refused(Cli.piped().run("bogus"), "gather: unknown command: 'bogus'", "try 'gather --help'");
    refused(Cli.piped().run(), "gather: name a command: fetch or checksum", "try 'gather --help'");
  }

  @Test
  void demoWithUrls() {
    refused(
        Cli.piped().run("fetch", "--demo", server.url("/ok")),
        "gather: --demo brings its own URLs, so give no others");
  }

  @Test
  void checksum() {
    refused(
        Cli.piped().run("checksum"),
        "gather: missing required parameter: 'DIR'",
        "try 'gather checksum --help'");
    refused(
        Cli.piped().run("checksum", dir.toString(), dir + "/missing"),
        "gather: no such file or directory: '" + dir + "/missing'");
    refused(
        Cli.piped().run("checksum", "--limit", "0", dir.toString()),
        "gather: --limit must be at least 1, but was 0");
  }

  @Test
  void helpIsNoError() {
    for (String[] args :
        new String[][] {
          {"--help"}, {"help"}, {"fetch", "--help"}, {"checksum", "-h"}, {"--version"}
        }) {
      Cli.Result result = Cli.piped().run(args);
      assertEquals(0, result.exitCode());
      assertEquals("", result.err());
      assertTrue(result.out().contains("gather"), result.out());
    }
    String help = new String(Cli.piped().run("fetch", "--help").outBytes(), StandardCharsets.UTF_8);
    assertTrue(help.contains("gather fetch --demo"), help);
  }
}

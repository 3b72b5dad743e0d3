package dev.gather.samples.cli.fetch.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gather.samples.cli.fetch.report.FetchRow.State;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FetchTableTest {
  private static final FetchRow GOOD =
      row("http://h/good", State.FETCHED, 200, 1_900_000, 51, null);
  private static final FetchRow BAD = row("http://h/bad", State.FAILED, 503, 51, 280, "HTTP 503");
  private static final FetchRow LATE =
      row("http://h/late", State.FAILED, 0, 0, 2_000, "timed out after 2s");
  private static final FetchRow CUT = row("http://h/cut", State.CANCELLED, 0, 0, 0, "not started");

  private static FetchRow row(
      String url, State state, int status, long bytes, long millis, String error) {
    Duration elapsed = Duration.ofMillis(millis);
    return new FetchRow(URI.create(url), state, status, bytes, elapsed, error, null, false);
  }

  private static List<String> table(int width, boolean colour, FetchRow... rows) {
    FetchReport report =
        new FetchReport(List.of(rows), Duration.ofMillis(2_010), false, FetchReport.ALL);
    return new FetchTable(report, width, colour).lines();
  }

  @Test
  void columnsAreAligned() {
    assertEquals(
        List.of(
            "URL            STATUS    BYTES    MS  ERROR",
            "http://h/good     200  1900000    51",
            "http://h/bad      503       51   280  HTTP 503",
            "http://h/late       -        -  2000  timed out after 2s",
            "",
            "1 of 3 fetched, 1.9 MB in 2.01 s; one after another it would have been 2.33 s (1.2x)"),
        table(100, false, GOOD, BAD, LATE));
  }

  @Test
  void nothingIsComparedWithWhatWasCutShort() {
    List<String> lines = table(100, false, GOOD, CUT);
    assertEquals("http://h/cut        -        -   0  not started", lines.get(2));
    assertEquals(
        "1 of 2 fetched, 1.9 MB in 2.01 s; the parts took 0.05 s together",
        lines.get(lines.size() - 1));
  }

  @Test
  void filesHaveAColumnWhenTheyAreKept() {
    FetchRow kept =
        new FetchRow(
            GOOD.url(), State.FETCHED, 200, 7, Duration.ZERO, null, Path.of("d", "good"), false);
    assertEquals(
        List.of(
            "URL            STATUS  BYTES   MS  FILE  ERROR",
            "http://h/good     200      7    0  good",
            "http://h/bad      503     51  280        HTTP 503"),
        table(100, false, kept, BAD).subList(0, 3));
  }

  @Test
  void longUrlsLoseTheirMiddleAndLinesFit() {
    FetchRow wide =
        row("http://host/" + "x".repeat(200) + "/end.html", State.FAILED, 503, 1, 1, "HTTP 503");
    List<String> lines = table(80, false, wide, GOOD);
    assertEquals(80, lines.get(1).length(), lines.get(1));
    assertTrue(lines.get(1).startsWith("http://host/xxx"), lines.get(1));
    assertTrue(lines.get(1).contains("...") && lines.get(1).contains("xx/end.html "), lines.get(1));
  }

  @Test
  void aMiddleIsCutExactly() {
    assertEquals("abcdef", FetchTable.middle("abcdef", 6));
    assertEquals("a...f", FetchTable.middle("abcdef", 5));
    assertEquals("ab...j", FetchTable.middle("abcdefghij", 6));
  }

  @Test
  void colourMarksTheStateAndNothingElse() {
    List<String> lines = table(100, true, GOOD, BAD, CUT);
    assertTrue(lines.get(1).contains("\u001b[32m   200\u001b[0m"), lines.get(1));
    assertTrue(lines.get(2).endsWith("\u001b[31mHTTP 503\u001b[0m"), lines.get(2));
    assertTrue(lines.get(3).endsWith("\u001b[33mnot started\u001b[0m"), lines.get(3));
    String plain = String.join("\n", lines).replaceAll("\u001b\\[\\d+m", "");
    assertEquals(String.join("\n", table(100, false, GOOD, BAD, CUT)), plain);
  }

  @Test
  void aRepeatedDownloadIsShownButCountedOnce() {
    FetchRow again =
        new FetchRow(GOOD.url(), State.FETCHED, 200, 1_900_000, GOOD.elapsed(), null, null, true);
    FetchReport report =
        new FetchReport(List.of(GOOD, again), Duration.ofMillis(51), false, FetchReport.ALL);
    assertEquals(
        "2 of 2 fetched, 1.9 MB in 0.05 s; one after another it would have been 0.05 s (1.0x)",
        report.summary());
  }
}

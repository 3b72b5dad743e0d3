package dev.gather.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code gather fetch --demo}, the first command of the README. */
@Timeout(value = 60, threadMode = SEPARATE_THREAD)
class DemoTest {

  @Test
  void showsEverythingThatHappensToDownloads() {
    // More than its own two seconds, so that a busy machine is not taken for a slow server.
    Cli.Result result = Cli.piped().run("fetch", "--demo", "--timeout", "5s");
    List<String> rows =
        result.outLines().stream()
            .skip(1)
            .limit(12)
            .map(line -> line.replaceFirst("^http://127\\.0\\.0\\.1:\\d+", ""))
            .map(line -> line.replaceAll(" +", " "))
            .map(line -> line.replaceFirst("^(\\S+ \\S+ \\S+) \\d+", "$1"))
            .toList();
    assertEquals(
        List.of(
            "/ 200 4096",
            "/style.css 200 12480",
            "/users/1 200 618",
            "/users/2 200 602",
            "/users/3 404 94 HTTP 404",
            "/orders?page=1 200 18200",
            "/orders?page=2 200 17410",
            "/old/prices 200 3310",
            "/stock 503 51 HTTP 503",
            "/never - - timed out after 5s",
            "/search?q=gather 200 7950",
            "/report.pdf 200 1800000"),
        rows);
    String summary = result.outLines().get(14);
    assertTrue(summary.startsWith("9 of 12 fetched, 1.9 MB in "), summary);
    assertEquals(1, result.exitCode());
  }
}

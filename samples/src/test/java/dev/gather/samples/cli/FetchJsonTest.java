package dev.gather.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code gather fetch --json}, read back as a machine would. */
@Timeout(value = 60, threadMode = SEPARATE_THREAD)
class FetchJsonTest {
  @TempDir private Path dir;

  @Test
  void saysWhatTheTableSays() throws Exception {
    try (TestServer server = new TestServer().on("/a", 200, "aaaa").on("/bad", 503, "x");
        SilentServer silent = SilentServer.neverAnswers()) {
      String[] args = {
        "fetch",
        "--json",
        "--timeout",
        "3s",
        "--out",
        dir.toString(),
        server.url("/a"),
        server.url("/bad"),
        silent.url("/"),
        server.url("/a")
      };
      Cli.Result result = Cli.piped().run(args);
      assertEquals(1, result.exitCode());

      JsonNode root = new ObjectMapper().readTree(result.out());
      assertEquals(4, root.get("total").asInt());
      assertEquals(2, root.get("fetched").asInt());
      assertEquals(2, root.get("failed").asInt());
      assertEquals(0, root.get("cancelled").asInt());
      assertEquals(4, root.get("bytes").asLong());
      assertFalse(root.get("interrupted").asBoolean());
      assertTrue(root.get("millis").isIntegralNumber());
      assertTrue(root.get("sumOfPartsMillis").isIntegralNumber());

      JsonNode results = root.get("results");
      assertEquals(4, results.size());
      JsonNode good = results.get(0);
      assertEquals(server.url("/a"), good.get("url").asText());
      assertEquals("fetched", good.get("state").asText());
      assertEquals(200, good.get("status").asInt());
      assertEquals(4, good.get("bytes").asLong());
      assertTrue(good.get("millis").isIntegralNumber());
      assertTrue(good.get("error").isNull());
      assertEquals(dir.resolve("a").toString(), good.get("file").asText());
      assertEquals(good, results.get(3), "the duplicate");

      JsonNode bad = results.get(1);
      assertEquals("failed", bad.get("state").asText());
      assertEquals(503, bad.get("status").asInt());
      assertEquals(1, bad.get("bytes").asInt());
      assertEquals("HTTP 503", bad.get("error").asText());
      assertTrue(bad.get("file").isNull());

      JsonNode late = results.get(2);
      assertEquals("failed", late.get("state").asText());
      assertTrue(late.get("status").isNull());
      assertTrue(late.get("bytes").isNull());
      assertEquals("timed out after 3s", late.get("error").asText());
    }
  }
}

package dev.gather.samples.cli.fetch.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeNamesTest {
  private final SafeNames names = new SafeNames();

  @ParameterizedTest
  @CsvSource({
    "http://host/a/b.txt, b.txt",
    "http://host/a/b.txt?q=1, b.txt",
    "http://host, host",
    "http://host/, host",
    "http://host//, host",
    "http://host/a/, a",
    "http://host/..%2F..%2Fetc%2Fpasswd, etc_passwd",
    "http://host/.., body",
    "http://host/.hidden, hidden",
    "http://host/-rf, rf",
    "http://host/a%00b, a_b",
    "http://host/a%0Ab, a_b",
    "http://host/a%5Cb, a_b",
    "http://host/a%20b.txt, a_b.txt",
    "http://host/C%3Aa, C_a",
    "http://host/con, _con",
    "http://host/NUL.txt, _NUL.txt",
    "http://host/a+b, a+b",
    "http://host/%E2%82%AC.html, €.html",
    "http://host/%2E%2E, body"
  })
  void areRecognisableAndSafe(URI url, String name) {
    assertEquals(name, names.next(url));
  }

  @Test
  void noTwoAreAlike() {
    names.take("present.txt");
    assertEquals("a.txt", names.next(URI.create("http://one/a.txt")));
    assertEquals("a-2.txt", names.next(URI.create("http://two/a.txt")));
    assertEquals("A-3.txt", names.next(URI.create("http://three/A.txt")), "on some disks a == A");
    assertEquals("a-2-2.txt", names.next(URI.create("http://four/a-2.txt")));
    assertEquals("present-2.txt", names.next(URI.create("http://one/present.txt")));
    assertEquals("a", names.next(URI.create("http://one/a")));
    assertEquals("a-2", names.next(URI.create("http://one/a?2")));
  }

  @Test
  void longOnesKeepTheirExtensionAndFitTheDisk() {
    String name = names.next(URI.create("http://host/" + "%E2%82%AC".repeat(200) + ".html"));
    assertTrue(name.startsWith("€€€") && name.endsWith("€.html"), name);
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    assertTrue(bytes > 170 && bytes <= 180, bytes + " bytes");
  }
}

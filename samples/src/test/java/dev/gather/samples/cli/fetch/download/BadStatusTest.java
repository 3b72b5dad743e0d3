package dev.gather.samples.cli.fetch.download;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gather.samples.cli.words.Reasons;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadStatusTest {

  @ParameterizedTest
  @CsvSource({
    "503, HTTP 503",
    "304, HTTP 304",
    "301, 'HTTP 301, a redirect that was not followed'"
  })
  void isAReasonInPlainWords(int status, String words) {
    assertEquals(words, Reasons.of(new BadStatus(status, 0)));
  }

  @Test
  void isFoundWithinTheExceptionOfAStage() {
    assertEquals("HTTP 404", Reasons.of(new CompletionException(new BadStatus(404, 0))));
  }
}

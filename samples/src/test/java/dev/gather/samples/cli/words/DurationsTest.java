package dev.gather.samples.cli.words;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationsTest {
  private final Durations durations = new Durations();

  @ParameterizedTest
  @CsvSource({
    "500ms, 500",
    "2s, 2000",
    "1.5s, 1500",
    "0.001h, 3600",
    "1m, 60000",
    "2h, 7200000",
    "10S, 10000",
    "0s, 0",
    "999999999h, 3599999996400000"
  })
  void readsWhatPeopleType(String text, long millis) {
    assertEquals(Duration.ofMillis(millis), durations.convert(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "s", "-1s", "1 s", "1d", "1s2", "1.s", "9999999999s", "PT1S"})
  void refusesTheRest(String text) {
    var e = assertThrows(TypeConversionException.class, () -> durations.convert(text));
    assertEquals("'" + text + "' is not a duration such as 500ms, 2s or 1m", e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0ms",
    "1, 1ms",
    "500, 500ms",
    "1000, 1s",
    "1500, 1.5s",
    "60000, 1m",
    "90000, 90s",
    "3600000, 1h"
  })
  void writesTheSameForm(long millis, String text) {
    assertEquals(text, Durations.format(Duration.ofMillis(millis)));
  }

  @Test
  void measuredTimeHasTwoDecimals() {
    assertEquals("2.01 s", Durations.seconds(Duration.ofMillis(2_006)));
  }
}

package dev.gather.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {

  @ParameterizedTest
  @CsvSource({
    "0.5, 0.50 ns",
    "35.46, 35.5 ns",
    "999, 999 ns",
    "1234, 1.23 µs",
    "12345678, 12.3 ms",
    "4500000000, 4.50 s",
    "NaN, –"
  })
  void timesHaveThreeDigitsAndAUnit(double nanos, String text) {
    assertEquals(text, Numbers.time(nanos));
  }

  @ParameterizedTest
  @CsvSource({"0.0612, 0.061", "0.25, 0.25", "19.93, 19.9", "123.4, 123", "Infinity, –", "NaN, –"})
  void ratiosHaveThreeDigits(double ratio, String text) {
    assertEquals(text, Numbers.ratio(ratio));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"6.2;6.2", "248.4;248", "12345;12,345", "NaN;–"})
  void bytesAreWholeWhereThereAreMany(double bytes, String text) {
    assertEquals(text, Numbers.bytes(bytes));
  }
}

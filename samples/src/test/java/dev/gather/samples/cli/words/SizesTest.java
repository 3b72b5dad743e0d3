package dev.gather.samples.cli.words;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SizesTest {

  @Test
  void areRounded() {
    assertEquals("0 B", Sizes.format(0));
    assertEquals("999 B", Sizes.format(999));
    assertEquals("1.0 kB", Sizes.format(1_000));
    assertEquals("999.9 kB", Sizes.format(999_949));
    assertEquals("1.0 MB", Sizes.format(999_950));
    assertEquals("5000.0 TB", Sizes.format(5_000_000_000_000_000L));
  }
}

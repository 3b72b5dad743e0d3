package dev.gather.samples.cli.words;

import java.util.Locale;

/** Numbers of bytes, rounded for people. */
public final class Sizes {
  private Sizes() {}

  /** Such as 1.9 MB. */
  public static String format(long bytes) {
    if (bytes < 1_000) {
      return bytes + " B";
    }
    String[] units = {"kB", "MB", "GB", "TB"};
    double value = bytes;
    int unit = -1;
    // 999,950 would be rounded to 1000.0 kB.
    while (value >= 999.95 && unit < units.length - 1) {
      value /= 1_000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", value, units[Math.max(unit, 0)]);
  }
}

package dev.gather.benchmarks.report;

import java.util.Locale;

/** Numbers for people: three digits and a unit. */
final class Numbers {
  static final String NONE = "–";

  private Numbers() {}

  static String time(double nanos) {
    if (Double.isNaN(nanos)) {
      return NONE;
    }
    if (nanos < 1e3) {
      return threeDigits(nanos) + " ns";
    }
    if (nanos < 1e6) {
      return threeDigits(nanos / 1e3) + " µs";
    }
    if (nanos < 1e9) {
      return threeDigits(nanos / 1e6) + " ms";
    }
    return threeDigits(nanos / 1e9) + " s";
  }

  static String bytes(double bytes) {
    return Double.isNaN(bytes)
        ? NONE
        : String.format(Locale.ROOT, bytes < 10 ? "%.1f" : "%,.0f", bytes);
  }

  static String ratio(double ratio) {
    return Double.isNaN(ratio) || Double.isInfinite(ratio) ? NONE : threeDigits(ratio);
  }

  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private static String threeDigits(double value) {
    int decimals = value < 0.1 ? 3 : value < 10 ? 2 : value < 100 ? 1 : 0;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}

package dev.gather;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The checks behind every option, so that both doors complain in the same words. */
final class Arguments {
  private Arguments() {}

  static int limit(int limit) {
    return atLeastOne("limit", limit);
  }

  static int atLeastOne(String parameter, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(parameter + " must be at least 1, but was " + value);
    }
    return value;
  }

  static double positive(String parameter, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          parameter + " must be positive and finite, but was " + value);
    }
    return value;
  }

  static @Nullable Duration notNegative(String parameter, @Nullable Duration duration) {
    if (duration != null && duration.isNegative()) {
      throw new IllegalArgumentException(parameter + " must not be negative, but was " + duration);
    }
    return duration;
  }
}

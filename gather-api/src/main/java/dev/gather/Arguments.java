package dev.gather;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The checks behind every option, so that both doors complain in the same words. */
final class Arguments {
  private Arguments() {}

  static int limit(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1, but was " + limit);
    }
    return limit;
  }

  static @Nullable Duration notNegative(String parameter, @Nullable Duration duration) {
    if (duration != null && duration.isNegative()) {
      throw new IllegalArgumentException(parameter + " must not be negative, but was " + duration);
    }
    return duration;
  }
}

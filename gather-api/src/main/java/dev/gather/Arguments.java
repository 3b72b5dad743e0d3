package dev.gather;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
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

  /** What drops tasks without a word would leave a gather waiting for them for ever. */
  static @Nullable Executor speaking(String parameter, @Nullable Executor executor) {
    if (executor instanceof ThreadPoolExecutor pool
        && (pool.getRejectedExecutionHandler() instanceof ThreadPoolExecutor.DiscardPolicy
            || pool.getRejectedExecutionHandler()
                instanceof ThreadPoolExecutor.DiscardOldestPolicy)) {
      throw new IllegalArgumentException(
          parameter
              + " must not drop tasks in silence: its rejection policy must be another than "
              + pool.getRejectedExecutionHandler().getClass().getName());
    }
    return executor;
  }

  static @Nullable Duration notNegative(String parameter, @Nullable Duration duration) {
    if (duration != null && duration.isNegative()) {
      throw new IllegalArgumentException(parameter + " must not be negative, but was " + duration);
    }
    return duration;
  }
}

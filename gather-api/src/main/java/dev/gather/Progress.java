package dev.gather;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * How far a gather is: a snapshot, taken while tasks may be starting and ending.
 *
 * <p>When the gather has ended, {@link #ended()} equals the total.
 *
 * @param total how many tasks there are; empty while a lazy input has not been read to its end
 * @param started tasks whose body has begun to run, ended ones included
 * @param succeeded tasks that returned a value
 * @param failed tasks that failed with an exception of their own
 * @param cancelled tasks that were cancelled, those that never started included
 */
public record Progress(OptionalInt total, int started, int succeeded, int failed, int cancelled) {
  /**
   * Checks that there is a total, be it empty.
   *
   * @param total how many tasks there are
   * @param started tasks whose body has begun to run
   * @param succeeded tasks that returned a value
   * @param failed tasks that failed
   * @param cancelled tasks that were cancelled
   */
  public Progress {
    Objects.requireNonNull(total, "total must not be null");
  }

  /** {@return how many tasks have ended, one way or another} */
  public int ended() {
    return succeeded + failed + cancelled;
  }

  /** For people: {@code "3/5 done, 1 failed"}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(ended()).append('/');
    if (total.isPresent()) {
      text.append(total.getAsInt());
    } else {
      text.append('?');
    }
    text.append(" done");
    if (failed > 0) {
      text.append(", ").append(failed).append(" failed");
    }
    if (cancelled > 0) {
      text.append(", ").append(cancelled).append(" cancelled");
    }
    return text.toString();
  }
}

package dev.gather;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One task that has ended, where results are handed out as they come: which it was, how it ended
 * and how long it took.
 *
 * @param index the task's position in the input, from 0
 * @param name the name the task was given, if any
 * @param outcome how it ended
 * @param elapsed wall time since its body was called; zero if it was never called
 * @param <T> the type of the value; it may be nullable
 */
public record Completed<T extends @Nullable Object>(
    long index, @Nullable String name, Outcome<T> outcome, Duration elapsed) {

  /**
   * One task that has ended.
   *
   * @param index the task's position in the input, from 0
   * @param name the name the task was given, if any
   * @param outcome how it ended
   * @param elapsed wall time since its body was called
   */
  public Completed {
    Objects.requireNonNull(outcome, "outcome must not be null");
    Objects.requireNonNull(elapsed, "elapsed must not be null");
  }

  /**
   * The value, or the reason there is none, thrown: {@link Outcome#getOrThrow()}.
   *
   * @return the value the task returned
   * @throws java.util.concurrent.CompletionException if there is none; its cause is the task's own
   *     exception, or a {@link java.util.concurrent.CancellationException} that says why it was
   *     cancelled
   */
  public T getOrThrow() {
    return outcome.getOrThrow();
  }
}

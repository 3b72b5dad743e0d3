package dev.gather;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * How one task ended: with a value, with its own exception, or cancelled.
 *
 * <p>Outcomes are immutable and safe to share between threads. An exception object that a task
 * <em>returns</em> is a {@link Success}; only one it <em>throws</em> is a {@link Failure}.
 *
 * <pre>{@code
 * String line = switch (outcome) {             // Java 21; on 17 use instanceof
 *   case Outcome.Success<User> s -> s.value().name();
 *   case Outcome.Failure<User> f -> "failed: " + f.cause().getMessage();
 *   case Outcome.Cancelled<User> c -> "cancelled: " + c.reason();
 * };
 * }</pre>
 *
 * @param <T> the type of the value; it may be nullable
 */
public sealed interface Outcome<T extends @Nullable Object> {

  /** {@return whether the task returned a value, be it {@code null}} */
  default boolean isSuccess() {
    return this instanceof Success;
  }

  /**
   * The value, or the reason there is none, thrown.
   *
   * @return the value the task returned
   * @throws CompletionException if the task failed; its cause is the task's own exception, the same
   *     instance, as from {@link java.util.concurrent.CompletableFuture#join()}
   * @throws CancellationException if the task was cancelled
   */
  T getOrThrow();

  /**
   * The value, or another one if the task failed or was cancelled.
   *
   * @param other what to return if there is no value
   * @return the value the task returned, else {@code other}
   */
  T getOrElse(T other);

  /**
   * The task returned a value.
   *
   * @param value what the task returned
   * @param <T> the type of the value
   */
  record Success<T extends @Nullable Object>(T value) implements Outcome<T> {
    @Override
    public T getOrThrow() {
      return value;
    }

    @Override
    public T getOrElse(T other) {
      return value;
    }
  }

  /**
   * The task threw, or its stage completed exceptionally.
   *
   * @param cause the task's own exception, the same instance; a {@link
   *     java.util.concurrent.TimeoutException} if the task ran into its own timeout
   * @param <T> the type of the value there would have been
   */
  record Failure<T extends @Nullable Object>(Throwable cause) implements Outcome<T> {
    /**
     * Checks that there is a cause.
     *
     * @param cause the task's own exception
     */
    public Failure {
      Objects.requireNonNull(cause, "cause must not be null");
    }

    @Override
    public T getOrThrow() {
      throw new CompletionException(cause);
    }

    @Override
    public T getOrElse(T other) {
      return other;
    }
  }

  /**
   * The task was cancelled, or never started because its gather was over before. Two are equal if
   * reason and start are: exceptions, which differ from run to run, are not compared.
   *
   * @param reason why
   * @param started whether the task's body had begun to run
   * @param cause what a task threw that cancelled itself ({@link CancelReason#TASK}), the same
   *     instance: its own {@link CancellationException}, or in Kotlin that of a timeout inside of
   *     it; {@code null} if it was cancelled by others
   * @param <T> the type of the value there would have been
   */
  record Cancelled<T extends @Nullable Object>(
      CancelReason reason, boolean started, @Nullable Throwable cause) implements Outcome<T> {
    /**
     * Checks that there is a reason.
     *
     * @param reason why
     * @param started whether the task's body had begun to run
     * @param cause what a task threw that cancelled itself, else {@code null}
     */
    public Cancelled {
      Objects.requireNonNull(reason, "reason must not be null");
    }

    /**
     * Without a cause.
     *
     * @param reason why
     * @param started whether the task's body had begun to run
     */
    public Cancelled(CancelReason reason, boolean started) {
      this(reason, started, null);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Cancelled<?> that && that.reason == reason && that.started == started;
    }

    @Override
    public int hashCode() {
      return Objects.hash(reason, started);
    }

    @Override
    public T getOrThrow() {
      throw exception();
    }

    CancellationException exception() {
      CancellationException exception =
          new CancellationException(
              "the task was cancelled (" + reason + (started ? ")" : ", it had not started)"));
      exception.initCause(cause);
      return exception;
    }

    @Override
    public T getOrElse(T other) {
      return other;
    }
  }
}

package dev.gather;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
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
public sealed interface Outcome<T extends @Nullable Object>
    permits Outcome.Success, Outcome.Failure, Outcome.Cancelled {

  /** {@return whether the task returned a value, be it {@code null}} */
  default boolean isSuccess() {
    return this instanceof Success;
  }

  /**
   * The value, or the reason there is none, thrown.
   *
   * @return the value the task returned
   * @throws CompletionException if there is no value. Its cause is the task's own exception, the
   *     same instance, as from {@link java.util.concurrent.CompletableFuture#join()}; or a {@link
   *     CancellationException} that says why the task was cancelled. That is never thrown as it is:
   *     whoever asks has not been cancelled, and a coroutine that threw it would end in silence
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
   * The value, or one that is made only if the task failed or was cancelled.
   *
   * @param other called at most once, on the calling thread; what it throws is thrown
   * @return the value the task returned, else that of {@code other}
   */
  default T getOrElseGet(Supplier<? extends T> other) {
    Objects.requireNonNull(other, "other must not be null");
    return this instanceof Success<T> success ? success.value : other.get();
  }

  /** {@return the value the task returned, which may be {@code null} itself, else {@code null}} */
  default @Nullable T getOrNull() {
    return this instanceof Success<T> success ? success.value : null;
  }

  /**
   * The same end with another value, if there is a value; a failure or a cancel as it is.
   *
   * @param function called with the value, on the calling thread; what it throws is thrown
   * @param <R> the type of the other value
   * @return how the task ended
   */
  default <R extends @Nullable Object> Outcome<R> map(Function<? super T, ? extends R> function) {
    Objects.requireNonNull(function, "function must not be null");
    if (this instanceof Success<T> success) {
      return new Success<>(function.apply(success.value));
    }
    @SuppressWarnings("unchecked") // it holds no value
    Outcome<R> valueless = (Outcome<R>) this;
    return valueless;
  }

  /**
   * One result out of three: what the {@code switch} above does, for Java 17 too. Exactly one of
   * the functions is called, on the calling thread; what it throws is thrown.
   *
   * @param onSuccess called with the value
   * @param onFailure called with the task's own exception, the same instance
   * @param onCancelled called with the outcome, which says why
   * @param <R> the type of the result
   * @return what the function returned
   */
  default <R extends @Nullable Object> R fold(
      Function<? super T, ? extends R> onSuccess,
      Function<? super Throwable, ? extends R> onFailure,
      Function<? super Cancelled<T>, ? extends R> onCancelled) {
    Objects.requireNonNull(onSuccess, "onSuccess must not be null");
    Objects.requireNonNull(onFailure, "onFailure must not be null");
    Objects.requireNonNull(onCancelled, "onCancelled must not be null");
    if (this instanceof Success<T> success) {
      return onSuccess.apply(success.value);
    }
    return this instanceof Failure<T> failure
        ? onFailure.apply(failure.cause)
        : onCancelled.apply((Cancelled<T>) this);
  }

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
    public String toString() {
      return "Cancelled[reason="
          + reason
          + ", started="
          + started
          + (cause == null ? "]" : ", cause=" + cause + "]");
    }

    @Override
    public T getOrThrow() {
      throw new CompletionException(exception());
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

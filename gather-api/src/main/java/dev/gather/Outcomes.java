package dev.gather;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Sorts outcomes: those of a gather that was settled, or those that one of its exceptions holds.
 *
 * <pre>{@code
 * List<Outcome<Page>> outcomes = Gather.each(urls, this::fetch).settled().join();
 * show(Outcomes.successes(outcomes));
 * Outcomes.failures(outcomes).forEach(this::log);
 * }</pre>
 *
 * <p>Lists that come back are new, unmodifiable and in the order of the outcomes; they are empty if
 * there is nothing to put in. An outcome that stands in the collection twice counts twice.
 */
@CheckReturnValue
public final class Outcomes {
  private Outcomes() {}

  /**
   * The values of the tasks that returned one. What failed or was cancelled is left out.
   *
   * @param outcomes the outcomes; none may be {@code null}
   * @param <T> the type of the values
   * @return the values, in order; they may be {@code null} themselves
   * @throws NullPointerException if an outcome is {@code null}; the message names its position
   */
  public static <T extends @Nullable Object> List<T> successes(
      Collection<? extends Outcome<? extends T>> outcomes) {
    return Outcomes.<T>partition(outcomes).successes();
  }

  /**
   * What the tasks that failed have thrown. What was cancelled is left out.
   *
   * @param outcomes the outcomes; none may be {@code null}
   * @return the causes of the failures, in order, the same instances
   * @throws NullPointerException if an outcome is {@code null}; the message names its position
   */
  public static List<Throwable> failures(Collection<? extends Outcome<?>> outcomes) {
    return Outcomes.<@Nullable Object>partition(outcomes).failures();
  }

  /**
   * Does nothing if every task returned a value, so that {@link #successes} has all of them after
   * it; throws otherwise, as a gather that is not settled does.
   *
   * <p>A task that was cancelled has no value either: it counts as failed. But the exception is
   * about one that has thrown something, if there is any, since that is mostly what the others were
   * cancelled for.
   *
   * @param outcomes the outcomes; none may be {@code null}
   * @throws GatherException if there is an outcome without a value. Its cause is that of the first
   *     {@link Outcome.Failure}, the same instance, and the causes of the other failures are
   *     suppressed in the {@code GatherException}; if there is no failure, a {@link
   *     CancellationException} that says why the first of those cancelled was. Its {@link
   *     GatherException#index()} is the position of that outcome, and it holds all outcomes
   * @throws NullPointerException if an outcome is {@code null}; the message names its position
   */
  public static void throwIfAnyFailed(Collection<? extends Outcome<?>> outcomes) {
    List<Outcome<?>> all = copyOf(outcomes);
    int first = indexOf(Outcome.Failure.class, all);
    if (first < 0) {
      first = indexOf(Outcome.Cancelled.class, all);
    }
    if (first >= 0) {
      throw failure(all, first);
    }
  }

  /**
   * All three kinds at once.
   *
   * @param outcomes the outcomes; none may be {@code null}
   * @param <T> the type of the values
   * @return the values, the causes of the failures, and what was cancelled
   * @throws NullPointerException if an outcome is {@code null}; the message names its position
   */
  public static <T extends @Nullable Object> Partition<T> partition(
      Collection<? extends Outcome<? extends T>> outcomes) {
    List<T> successes = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    List<Outcome.Cancelled<T>> cancelled = new ArrayList<>();
    for (Outcome<? extends T> outcome : Outcomes.<Outcome<? extends T>>copyOf(outcomes)) {
      if (outcome instanceof Outcome.Success<? extends T> success) {
        successes.add(success.value());
      } else if (outcome instanceof Outcome.Failure<? extends T> failure) {
        failures.add(failure.cause());
      } else if (outcome instanceof Outcome.Cancelled<? extends T> without) {
        @SuppressWarnings("unchecked") // it holds no value
        Outcome.Cancelled<T> valueless = (Outcome.Cancelled<T>) without;
        cancelled.add(valueless);
      }
    }
    return new Partition<>(successes, failures, cancelled);
  }

  private static int indexOf(Class<?> kind, List<Outcome<?>> outcomes) {
    for (int i = 0; i < outcomes.size(); i++) {
      if (kind.isInstance(outcomes.get(i))) {
        return i;
      }
    }
    return -1;
  }

  private static GatherException failure(List<Outcome<?>> all, int first) {
    Throwable cause =
        all.get(first) instanceof Outcome.Cancelled<?> cancelled
            ? cancelled.exception()
            : ((Outcome.Failure<?>) all.get(first)).cause();
    String message = "task[" + first + "] of " + all.size() + " failed: " + cause;
    GatherException failure = new GatherException(message, cause, first, null, all);
    Set<Throwable> told = Collections.newSetFromMap(new IdentityHashMap<>());
    told.add(cause);
    failures(all).stream().filter(told::add).forEach(failure::addSuppressed);
    return failure;
  }

  private static <O extends Outcome<?>> List<O> copyOf(Collection<? extends O> outcomes) {
    Objects.requireNonNull(outcomes, "outcomes must not be null");
    List<O> copy = new ArrayList<>();
    for (O outcome : outcomes) {
      if (outcome == null) {
        throw new NullPointerException("outcomes[" + copy.size() + "] must not be null");
      }
      copy.add(outcome);
    }
    return copy;
  }

  /**
   * Outcomes, sorted by how the tasks ended. Its lists are unmodifiable.
   *
   * @param successes the values, in the order of the outcomes; they may be {@code null} themselves
   * @param failures the causes of the failures, in the order of the outcomes, the same instances
   * @param cancelled what was cancelled, in the order of the outcomes
   * @param <T> the type of the values
   */
  public record Partition<T extends @Nullable Object>(
      List<T> successes, List<Throwable> failures, List<Outcome.Cancelled<T>> cancelled) {
    /**
     * Copies the lists.
     *
     * @param successes the values
     * @param failures the causes of the failures
     * @param cancelled what was cancelled
     */
    public Partition {
      successes = unmodifiable("successes", successes);
      failures = unmodifiable("failures", failures);
      cancelled = unmodifiable("cancelled", cancelled);
    }

    private static <E extends @Nullable Object> List<E> unmodifiable(String name, List<E> list) {
      Objects.requireNonNull(list, () -> name + " must not be null");
      return Collections.unmodifiableList(new ArrayList<>(list));
    }
  }
}

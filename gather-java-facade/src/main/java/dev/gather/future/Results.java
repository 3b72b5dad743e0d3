package dev.gather.future;

import dev.gather.GatherException;
import dev.gather.Outcome;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What came of the tasks of a gather, each found by its {@link Task} and with that task's type.
 * Only {@link Gather#combine} hands one out, when every task has succeeded, and {@link
 * Gather#combineSettled}, when every task has ended in whatever way.
 */
public final class Results {
  private final Map<Task<?>, Integer> positions;
  private final List<Outcome<?>> outcomes;
  private final IntFunction<@Nullable String> names;

  private Results(
      Map<Task<?>, Integer> positions,
      List<Outcome<?>> outcomes,
      IntFunction<@Nullable String> names) {
    this.positions = positions;
    this.outcomes = outcomes;
    this.names = names;
  }

  static Results ofValues(List<Task<?>> tasks, List<?> values) {
    List<Outcome<?>> outcomes = new ArrayList<>(values.size());
    values.forEach(value -> outcomes.add(new Outcome.Success<@Nullable Object>(value)));
    return of(tasks, outcomes, position -> null); // nobody asks: all have a value
  }

  /**
   * @param names what the task in a place is called
   */
  static Results of(
      List<Task<?>> tasks, List<Outcome<?>> outcomes, IntFunction<@Nullable String> names) {
    Map<Task<?>, Integer> positions = new IdentityHashMap<>(tasks.size());
    for (int i = 0; i < tasks.size(); i++) {
      positions.put(tasks.get(i), i);
    }
    return new Results(positions, outcomes, names);
  }

  /**
   * The value of one task of this gather.
   *
   * @param task one of the tasks that were gathered, the same object
   * @param <T> the type of its result
   * @return what it returned, which may be {@code null}
   * @throws IllegalArgumentException if the task is not one of this gather
   * @throws GatherException if the task has no value, which only {@link Gather#combineSettled} may
   *     find. Its cause is the task's own exception, the same instance, or a {@link
   *     java.util.concurrent.CancellationException} that says why it was cancelled, and it holds
   *     all outcomes. A function that lets it pass makes the gather fail with it
   */
  public <T extends @Nullable Object> T get(Task<T> task) {
    int position = positionOf(task);
    @SuppressWarnings("unchecked") // what stands at a task's position is how that task ended
    Outcome<T> outcome = (Outcome<T>) outcomes.get(position);
    if (outcome instanceof Outcome.Success<T> success) {
      return success.value();
    }
    Throwable cause =
        outcome.fold(value -> new AssertionError(), failure -> failure, Results::cancellation);
    String name = names.apply(position);
    String message =
        "task[%d]%s of %d failed: %s"
            .formatted(position, name == null ? "" : " " + name, outcomes.size(), cause);
    throw new GatherException(message, cause, position, name, outcomes);
  }

  private static Throwable cancellation(Outcome.Cancelled<?> cancelled) {
    try {
      cancelled.getOrThrow();
      throw new AssertionError("there is no value");
    } catch (CompletionException e) {
      return Objects.requireNonNull(e.getCause());
    }
  }

  /**
   * How one task of this gather ended.
   *
   * @param task one of the tasks that were gathered, the same object
   * @param <T> the type of its result
   * @return its value, its own exception, or why it was cancelled
   * @throws IllegalArgumentException if the task is not one of this gather
   */
  public <T extends @Nullable Object> Outcome<T> outcome(Task<T> task) {
    @SuppressWarnings("unchecked") // what stands at a task's position is how that task ended
    Outcome<T> outcome = (Outcome<T>) outcomes.get(positionOf(task));
    return outcome;
  }

  private int positionOf(Task<?> task) {
    Objects.requireNonNull(task, "task must not be null");
    Integer position = positions.get(task);
    if (position == null) {
      throw new IllegalArgumentException(
          task
              + " is not a task of this gather; look results up with the same Task objects that"
              + " were given to Gather.of");
    }
    return position;
  }

  /** What they are combined to; it fails as everything does that fails a gather. */
  <R extends @Nullable Object> R to(Function<? super Results, ? extends R> function) {
    try {
      return function.apply(this);
    } catch (GatherException e) {
      throw e; // of a gather in there: it has more to tell than another one around it
    } catch (Throwable e) {
      throw new GatherException("combining the results failed: " + e, e, -1, null, outcomes);
    }
  }

  /** The number of results, for people. */
  @Override
  public String toString() {
    return "Results[" + outcomes.size() + " values]";
  }
}

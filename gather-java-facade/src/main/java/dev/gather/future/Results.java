package dev.gather.future;

import dev.gather.GatherException;
import dev.gather.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The values of a gather, each found by the {@link Task} that produced it and with that task's
 * type. Only {@link Gather#combine} hands one out, when every task has succeeded.
 */
public final class Results {
  private final Map<Task<?>, Integer> positions;
  private final List<?> values;

  private Results(Map<Task<?>, Integer> positions, List<?> values) {
    this.positions = positions;
    this.values = values;
  }

  static Results of(List<Task<?>> tasks, List<?> values) {
    Map<Task<?>, Integer> positions = new IdentityHashMap<>(tasks.size());
    for (int i = 0; i < tasks.size(); i++) {
      positions.put(tasks.get(i), i);
    }
    return new Results(Collections.unmodifiableMap(positions), values);
  }

  /**
   * The value of one task of this gather.
   *
   * @param task one of the tasks that were gathered, the same object
   * @param <T> the type of its result
   * @return what it returned, which may be {@code null}
   * @throws IllegalArgumentException if the task is not one of this gather
   */
  public <T extends @Nullable Object> T get(Task<T> task) {
    Objects.requireNonNull(task, "task must not be null");
    Integer position = positions.get(task);
    if (position == null) {
      throw new IllegalArgumentException(
          task
              + " is not a task of this gather; look results up with the same Task objects that"
              + " were given to Gather.of");
    }
    @SuppressWarnings("unchecked") // the value at a task's position is that task's result
    T value = (T) values.get(position);
    return value;
  }

  /** What they are combined to; it fails as everything does that fails a gather. */
  <R extends @Nullable Object> R to(Function<? super Results, ? extends R> function) {
    try {
      return function.apply(this);
    } catch (GatherException e) {
      throw e; // of a gather in there: it has more to tell than another one around it
    } catch (Throwable e) {
      List<Outcome<?>> outcomes = new ArrayList<>();
      values.forEach(value -> outcomes.add(new Outcome.Success<@Nullable Object>(value)));
      throw new GatherException("combining the results failed: " + e, e, -1, null, outcomes);
    }
  }

  /** The number of values, for people. */
  @Override
  public String toString() {
    return "Results[" + values.size() + " values]";
  }
}

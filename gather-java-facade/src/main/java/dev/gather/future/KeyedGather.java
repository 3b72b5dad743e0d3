package dev.gather.future;

import dev.gather.CheckReturnValue;
import dev.gather.Outcome;
import dev.gather.spi.Plan;
import dev.gather.spi.Work;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks that stand under keys, and gives a map of their results. {@link Gather#keyed} makes
 * one.
 *
 * <pre>{@code
 * Map<Sku, Task<Price>> tasks = new LinkedHashMap<>();
 * skus.forEach(sku -> tasks.put(sku, Task.of(() -> shop.price(sku))));
 * Map<Sku, Price> prices = Gather.keyed(tasks).limit(16).all().join();
 * }</pre>
 *
 * <p>It is a {@link Gather} in everything but the shape of its result: an immutable description
 * with the same options and terminal methods, before which nothing starts.
 *
 * <p><b>Order.</b> The map has the keys in the order of the map that was given, whatever the order
 * of completion. It is unmodifiable, finds keys by {@code equals}, and may hold {@code null}, as a
 * value and, if the map that was given does, as a key.
 *
 * <p><b>Names.</b> A task without a name of its own is called what its key is as a string: in
 * messages, for listeners, and as {@link dev.gather.GatherException#taskName()}. Indexes, and the
 * outcomes that exceptions hold, follow the order of the keys.
 *
 * @param <K> the type of the keys; it may be nullable
 * @param <T> the type of the results; it may be nullable
 */
@CheckReturnValue
public final class KeyedGather<K extends @Nullable Object, T extends @Nullable Object>
    extends Arrivals<KeyedGather<K, T>, T> {
  private final List<K> keys;

  private KeyedGather(
      List<K> keys, Iterable<? extends Work> works, List<Task<?>> tasks, Manner manner) {
    super(works, tasks, manner);
    this.keys = keys;
  }

  static <K extends @Nullable Object, T extends @Nullable Object> KeyedGather<K, T> of(
      Map<? extends K, ? extends Task<? extends T>> tasks) {
    Objects.requireNonNull(tasks, "tasks must not be null");
    Map<K, Task<?>> copy = new LinkedHashMap<>();
    List<Work> works = new ArrayList<>();
    for (Map.Entry<? extends K, ? extends Task<? extends T>> entry : tasks.entrySet()) {
      K key = entry.getKey();
      String name = String.valueOf(key); // here and not while tasks run: it is code of a user
      Task<?> task = entry.getValue();
      Objects.requireNonNull(task, () -> "tasks[" + name + "] must not be null");
      if (copy.put(key, task) != null) {
        throw new IllegalArgumentException(
            "the keys of tasks must differ, but two are equal to " + name);
      }
      works.add(task.workIn(name));
    }
    return new KeyedGather<>(
        new ArrayList<>(copy.keySet()), works, new ArrayList<>(copy.values()), Manner.DEFAULT);
  }

  @Override
  KeyedGather<K, T> described(Manner m) {
    return new KeyedGather<>(keys, works, tasks, m);
  }

  // ---- what to get

  /**
   * Starts everything and gives all values, each under the key of its task, or the first failure as
   * from {@link Gather#all}: a {@link dev.gather.GatherException} that names the key.
   *
   * @return the future of the values; already completed if there is nothing to wait for
   * @throws IllegalStateException if the scope is closed or the engine is missing
   */
  public GatherFuture<Map<K, T>> all() {
    return start(Plan.Wanted.VALUES);
  }

  /**
   * Starts everything, lets every task run to its end, and gives every outcome under the key of its
   * task, as {@link Gather#settled} does. A task's failure never fails this future.
   *
   * @return the future of the outcomes; already completed if there is nothing to wait for
   * @throws IllegalStateException if the scope is closed or the engine is missing
   */
  public GatherFuture<Map<K, Outcome<T>>> settled() {
    return start(Plan.Wanted.OUTCOMES);
  }

  private <R extends @Nullable Object> GatherFuture<Map<K, R>> start(Plan.Wanted wanted) {
    List<K> inOrder = keys;
    return start(wanted, 0, results -> byKey(inOrder, results));
  }

  private static <K extends @Nullable Object, R extends @Nullable Object> Map<K, R> byKey(
      List<K> keys, List<?> results) {
    Map<K, R> found = new LinkedHashMap<>();
    for (int i = 0; i < results.size(); i++) {
      @SuppressWarnings("unchecked") // the engine's list holds the results of these keys' tasks
      R result = (R) results.get(i);
      found.put(keys.get(i), result);
    }
    return Collections.unmodifiableMap(found);
  }
}

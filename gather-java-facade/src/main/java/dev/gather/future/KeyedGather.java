package dev.gather.future;

import dev.gather.FailurePolicy;
import dev.gather.GatherListener;
import dev.gather.GatherOptions;
import dev.gather.Limiter;
import dev.gather.Outcome;
import dev.gather.spi.Plan;
import dev.gather.spi.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
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
 * with the same options, which starts nothing before a terminal method, {@link #all} or {@link
 * #settled}.
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
public final class KeyedGather<K extends @Nullable Object, T extends @Nullable Object> {
  private final List<K> keys;
  private final Gather<T> gather;

  private KeyedGather(List<K> keys, Gather<T> gather) {
    this.keys = keys;
    this.gather = gather;
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
        new ArrayList<>(copy.keySet()), Gather.describe(works, new ArrayList<>(copy.values())));
  }

  // ---- how to run it

  /**
   * At most this many tasks run at the same time, as {@link Gather#limit} says.
   *
   * @param maxConcurrent at least 1
   * @return a new description
   * @throws IllegalArgumentException if {@code maxConcurrent} is less than 1
   */
  public KeyedGather<K, T> limit(int maxConcurrent) {
    return as(gather.limit(maxConcurrent));
  }

  /**
   * A deadline for the whole gather, as {@link Gather#timeout} says.
   *
   * @param whole counted from the terminal call; not negative; with zero nothing starts
   * @return a new description
   * @throws IllegalArgumentException if {@code whole} is negative
   */
  public KeyedGather<K, T> timeout(Duration whole) {
    return as(gather.timeout(whole));
  }

  /**
   * How long each task may run, as {@link Gather#taskTimeout} says.
   *
   * @param each counted from the task's own start; not negative
   * @return a new description
   * @throws IllegalArgumentException if {@code each} is negative
   */
  public KeyedGather<K, T> taskTimeout(Duration each) {
    return as(gather.taskTimeout(each));
  }

  /**
   * What the first failure means for the other tasks, as {@link Gather#onFailure} says.
   *
   * @param p the policy
   * @return a new description
   */
  public KeyedGather<K, T> onFailure(FailurePolicy p) {
    return as(gather.onFailure(p));
  }

  /**
   * Bounds the wait for cancelled tasks, as {@link Gather#grace} says.
   *
   * @param waitForCancelledTasks counted from the moment they were cancelled; not negative
   * @return a new description
   * @throws IllegalArgumentException if {@code waitForCancelledTasks} is negative
   */
  public KeyedGather<K, T> grace(Duration waitForCancelledTasks) {
    return as(gather.grace(waitForCancelledTasks));
  }

  /**
   * Starts the tasks one after another: {@link Gather#stagger}.
   *
   * @param delay between two starts; not negative
   * @return a new description
   * @throws IllegalArgumentException if {@code delay} is negative
   */
  public KeyedGather<K, T> stagger(Duration delay) {
    return as(gather.stagger(delay));
  }

  /**
   * Each task holds a permit of this limiter: {@link Gather#limiter}.
   *
   * @param l the limiter
   * @return a new description
   */
  public KeyedGather<K, T> limiter(Limiter l) {
    return as(gather.limiter(l));
  }

  /**
   * Where bodies run, as {@link Gather#executor} says.
   *
   * @param blockingBodies the executor; Gather never shuts it down
   * @return a new description
   */
  public KeyedGather<K, T> executor(Executor blockingBodies) {
    return as(gather.executor(blockingBodies));
  }

  /**
   * What the gather is called in messages.
   *
   * @param name the name
   * @return a new description
   */
  public KeyedGather<K, T> name(String name) {
    return as(gather.name(name));
  }

  /**
   * Who hears what the tasks do.
   *
   * @param l the listener; thread-safe
   * @return a new description
   */
  public KeyedGather<K, T> listener(GatherListener l) {
    return as(gather.listener(l));
  }

  /**
   * Takes all options from a set, in place of those given before; the {@link #scope} stays.
   *
   * @param o the options
   * @return a new description
   */
  public KeyedGather<K, T> with(GatherOptions o) {
    return as(gather.with(o));
  }

  /**
   * Gives the gather an owner: closing the scope cancels it and waits for it.
   *
   * @param s the scope
   * @return a new description
   */
  public KeyedGather<K, T> scope(GatherScope s) {
    return as(gather.scope(s));
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

  /** For people: the name, the number of tasks and the options that differ from the defaults. */
  @Override
  public String toString() {
    return "Keyed" + gather;
  }

  private KeyedGather<K, T> as(Gather<T> described) {
    return new KeyedGather<>(keys, described);
  }

  private <R extends @Nullable Object> GatherFuture<Map<K, R>> start(Plan.Wanted wanted) {
    List<K> inOrder = keys;
    return gather.start(wanted, 0, results -> byKey(inOrder, results));
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

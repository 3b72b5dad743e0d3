package dev.gather.future;

import dev.gather.CheckReturnValue;
import dev.gather.spi.Work;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What to run where there is no value to get. {@link Gather} inherits these methods, and users know
 * them by that name only. They have names of their own since javac cannot choose between a body
 * with a value and one without for {@code item -> call(item)} or for a reference to an overloaded
 * method.
 *
 * @param <G> the type itself
 * @param <T> the type of the results
 */
@CheckReturnValue
abstract sealed class Doing<G, T extends @Nullable Object> extends Arrivals<G, T> permits Zip {
  Doing(Iterable<? extends Work> works, List<Task<?>> tasks, Manner manner) {
    super(works, tasks, manner);
  }

  /**
   * Blocking bodies that return nothing, as {@link Gather#of(java.util.concurrent.Callable[])}
   * takes those that return something. Their results are {@code null}, as many as there are
   * actions.
   *
   * @param actions the bodies; none may be {@code null}
   * @return a description to go on with
   * @throws NullPointerException if an action is {@code null}; the message names its position
   */
  public static Gather<@Nullable Void> doing(Action... actions) {
    Objects.requireNonNull(actions, "actions must not be null");
    return Gather.describe(Works.list("actions", Arrays.asList(actions), Works::action), List.of());
  }

  /**
   * One blocking body that returns nothing for each item, as {@link Gather#each} takes one that
   * returns something: {@code Gather.eachDo(files, Files::delete)}. Items are read as {@code each}
   * reads them. The results are {@code null}, as many as there are items.
   *
   * @param items the items; they may be {@code null} themselves
   * @param action what to do with one item
   * @param <A> the type of the items
   * @return a description to go on with
   */
  public static <A extends @Nullable Object> Gather<@Nullable Void> eachDo(
      Iterable<? extends A> items, ItemAction<? super A> action) {
    Objects.requireNonNull(items, "items must not be null");
    Objects.requireNonNull(action, "action must not be null");
    return Gather.describe(
        Works.<A>each(
            items,
            item -> {
              action.call(item);
              return null;
            }),
        List.of());
  }
}

package dev.gather.future;

import org.jspecify.annotations.Nullable;

/**
 * What to do with one item: a blocking piece of work, called on a thread of the executor and
 * interrupted when its task is cancelled.
 *
 * @param <A> the type of the items
 * @param <T> the type of the results
 */
@FunctionalInterface
public interface Body<A extends @Nullable Object, T extends @Nullable Object> {
  /**
   * Does the work for one item.
   *
   * @param item the item
   * @return the result, which may be {@code null}
   * @throws Exception anything; it becomes the failure of this item's task, the same instance
   */
  T call(A item) throws Exception;
}

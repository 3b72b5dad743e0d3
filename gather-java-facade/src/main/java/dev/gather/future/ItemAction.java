package dev.gather.future;

import org.jspecify.annotations.Nullable;

/**
 * Something to do with one item that gives no value; where and how it is called is said where it is
 * taken.
 *
 * @param <A> the type of the items
 */
@FunctionalInterface
public interface ItemAction<A extends @Nullable Object> {
  /**
   * Does the work for one item.
   *
   * @param item the item
   * @throws Exception anything
   */
  void call(A item) throws Exception;
}

package dev.gather.future;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Starts something asynchronous for one item. It is called on a thread of the executor; the stage
 * it returns gets {@code cancel(true)} when its task is cancelled.
 *
 * @param <A> the type of the items
 * @param <T> the type of the results
 */
@FunctionalInterface
public interface AsyncBody<A extends @Nullable Object, T extends @Nullable Object> {
  /**
   * Starts the work for one item.
   *
   * @param item the item
   * @return the stage whose value is the result; not {@code null}
   * @throws Exception anything; it becomes the failure of this item's task, the same instance
   */
  CompletionStage<? extends T> call(A item) throws Exception;
}

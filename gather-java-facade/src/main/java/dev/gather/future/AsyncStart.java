package dev.gather.future;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts something asynchronous, and may throw: what {@link Task#async(AsyncStart)} takes a lambda
 * for. It is a {@link Supplier} so that javac prefers it to one, and is not in doubt.
 *
 * @param <T> the type of the result
 */
@FunctionalInterface
public interface AsyncStart<T extends @Nullable Object>
    extends Supplier<CompletionStage<? extends T>> {
  /**
   * Starts the work.
   *
   * @return the stage whose value is the result; not {@code null}
   * @throws Exception anything; it becomes the failure of the task, the same instance
   */
  CompletionStage<? extends T> start() throws Exception;

  /**
   * The same for whoever takes a supplier. Gather does not call it.
   *
   * @return the stage
   * @throws CompletionException around a checked exception
   */
  @Override
  default CompletionStage<? extends T> get() {
    try {
      return start();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }
}

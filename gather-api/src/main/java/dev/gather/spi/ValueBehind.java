package dev.gather.spi;

import org.jspecify.annotations.Nullable;

/**
 * A stage of a task that may fail although its body has returned a value: what the body had started
 * has failed after that, or all was cancelled. Nobody gets that value, so it is released.
 */
public interface ValueBehind {
  /** {@return the value that the body has returned; null if there is none} */
  @Nullable Object valueBehind();
}

package dev.gather.spi;

import org.jspecify.annotations.Nullable;

/** What becomes of values that tasks have produced and nobody gets. */
public interface Release {
  /**
   * What to do with the value of this task; null for nothing. It holds nothing but the hooks of the
   * user, since a stage may keep it for ever.
   */
  @Nullable Hook of(int index);

  /** Called once for such a value. */
  interface Hook {
    /**
     * May take its time.
     *
     * @param value not {@code null}
     */
    void call(Object value) throws Exception;
  }
}

package dev.gather.spi;

/** What becomes of values that tasks have produced and nobody gets. */
public interface Release {
  /** Whether it has anything to do with the value of this task. */
  boolean concerns(int index);

  /** Called once for such a value, which is not {@code null}; it may take its time. */
  void release(int index, Object value) throws Exception;
}

package dev.gather.spi;

/** The thread locals of the caller, captured where the gather was started. */
public interface BodyContext {
  /**
   * Puts them in place on the current thread, around code of the user.
   *
   * @return puts back what was there before
   */
  Runnable install();
}

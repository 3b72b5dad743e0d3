package dev.gather.threads;

import org.jspecify.annotations.Nullable;

/** What code of a user finds in its thread, as it was captured where a gather was started. */
public interface BodyContext {
  /**
   * Puts it in place on the current thread, around code of the user.
   *
   * @return puts back what was there before
   */
  Runnable install();

  /**
   * Two of them.
   *
   * @param outer is installed first
   * @param inner is installed inside of that
   * @return both; null if there is neither
   */
  static @Nullable BodyContext both(@Nullable BodyContext outer, @Nullable BodyContext inner) {
    if (outer == null || inner == null) {
      return outer == null ? inner : outer;
    }
    return () -> {
      Runnable restoreOuter = outer.install();
      Runnable restoreInner;
      try {
        restoreInner = inner.install();
      } catch (Throwable e) {
        try {
          restoreOuter.run();
        } catch (Throwable further) {
          e.addSuppressed(further);
        }
        throw e;
      }
      return () -> {
        try {
          restoreInner.run();
        } finally {
          restoreOuter.run();
        }
      };
    };
  }
}

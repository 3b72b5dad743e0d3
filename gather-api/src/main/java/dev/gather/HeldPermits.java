package dev.gather;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The permits that the work on a thread holds, the innermost first. */
final class HeldPermits {
  private static final ThreadLocal<HeldPermits> HERE = new ThreadLocal<>();

  private final Object limiter;
  private final Object permit;
  private final @Nullable HeldPermits outer;

  private HeldPermits(Object limiter, Object permit, @Nullable HeldPermits outer) {
    this.limiter = limiter;
    this.permit = permit;
    this.outer = outer;
  }

  /** The innermost permit of a limiter that the current thread holds; null if there is none. */
  static @Nullable Object of(Object limiter) {
    for (HeldPermits at = HERE.get(); at != null; at = at.outer) {
      if (at.limiter == limiter) {
        return at.permit;
      }
    }
    return null;
  }

  /** Calls a body on the current thread as work that holds one permit more. */
  static <T extends @Nullable Object> T with(
      Object limiter, Object permit, Callable<? extends T> body) throws Exception {
    HeldPermits before = HERE.get();
    HERE.set(new HeldPermits(limiter, permit, before));
    try {
      return body.call();
    } finally {
      if (before == null) {
        HERE.remove();
      } else {
        HERE.set(before);
      }
    }
  }
}

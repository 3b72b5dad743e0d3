package dev.gather.threads;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The permits that the work on a thread holds, of each limiter the innermost: immutable, so that
 * another thread that does a part of this work can be given the same.
 */
public final class HeldPermits {
  private static final ThreadLocal<HeldPermits> HERE = new ThreadLocal<>();

  private final Object limiter;
  private final Object permit;
  private final @Nullable HeldPermits outer;

  private HeldPermits(Object limiter, Object permit, @Nullable HeldPermits outer) {
    this.limiter = limiter;
    this.permit = permit;
    this.outer = outer == null ? null : outer.without(limiter);
  }

  /** Nobody finds what is further out; work that goes on and on inside of itself would keep it. */
  private @Nullable HeldPermits without(Object limiter) {
    if (permitOf(limiter) == null) {
      return this;
    }
    HeldPermits rest = outer;
    return this.limiter == limiter || rest == null
        ? rest
        : new HeldPermits(this.limiter, permit, rest.without(limiter));
  }

  /** {@return those of the current thread; {@code null} if there are none} */
  public static @Nullable HeldPermits current() {
    return HERE.get();
  }

  /**
   * Looks for a permit of the current thread.
   *
   * @param limiter whose permit
   * @return the innermost; {@code null} if there is none
   */
  public static @Nullable Object of(Object limiter) {
    HeldPermits here = HERE.get();
    return here == null ? null : here.permitOf(limiter);
  }

  /**
   * Looks for a permit among these.
   *
   * @param of whose permit
   * @return the innermost; {@code null} if there is none
   */
  public @Nullable Object permitOf(Object of) {
    for (HeldPermits at = this; at != null; at = at.outer) {
      if (at.limiter == of) {
        return at.permit;
      }
    }
    return null;
  }

  /**
   * Runs an action on the current thread as work of somebody else, who holds nothing here.
   *
   * @param action what to run
   */
  public static void without(Runnable action) {
    HeldPermits before = HERE.get();
    if (before == null) {
      action.run();
      return;
    }
    HERE.remove();
    try {
      action.run();
    } finally {
      HERE.set(before);
    }
  }

  /**
   * Calls a body on the current thread as work that holds one permit more.
   *
   * @param limiter whose permit
   * @param permit the permit, or the future of the one that is waited for
   * @param body what to call
   * @param <T> the type of the value
   * @return what the body returns
   * @throws Exception what the body throws
   */
  public static <T extends @Nullable Object> T with(
      Object limiter, Object permit, Callable<? extends T> body) throws Exception {
    return new HeldPermits(limiter, permit, HERE.get()).call(body);
  }

  /**
   * Calls a body on the current thread as work that holds these permits and no others.
   *
   * @param body what to call
   * @param <T> the type of the value
   * @return what the body returns
   * @throws Exception what the body throws
   */
  public <T extends @Nullable Object> T call(Callable<? extends T> body) throws Exception {
    HeldPermits before = HERE.get();
    HERE.set(this);
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

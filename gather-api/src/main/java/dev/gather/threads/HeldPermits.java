package dev.gather.threads;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The permits that the work on a thread holds, of each limiter the innermost: immutable to whoever
 * gets it, so that another thread that does a part of this work can be given the same. A permit may
 * not be there before somebody on its own thread looks for it.
 */
public final class HeldPermits {
  /**
   * In a cell for each thread that ever held one, since to set and remove a thread local takes
   * longer than all that a permit takes. The cell is of no class of ours: a thread outlives those.
   */
  private static final ThreadLocal<Object @Nullable []> HERE = new ThreadLocal<>();

  private final Object limiter;
  private final @Nullable HeldPermits outer;

  /** Null until somebody looks for it, where there is a maker. */
  private @Nullable Object permit;

  private final @Nullable Supplier<?> maker;

  /** Of the thread for which they were made, if for one. */
  private final Object @Nullable [] cell;

  private HeldPermits(
      Object limiter,
      @Nullable Object permit,
      @Nullable Supplier<?> maker,
      @Nullable HeldPermits outer,
      Object @Nullable [] cell) {
    this.limiter = limiter;
    this.permit = permit;
    this.maker = maker;
    this.outer = outer;
    this.cell = cell;
  }

  /** Nobody finds what is further out; work that goes on and on inside of itself would keep it. */
  private @Nullable HeldPermits without(Object limiter) {
    if (permitOf(limiter) == null) {
      return this;
    }
    HeldPermits rest = outer;
    return this.limiter == limiter || rest == null
        ? rest
        : new HeldPermits(this.limiter, permit(), null, rest.without(limiter), null);
  }

  private Object permit() {
    Object known = permit;
    if (known == null) {
      known = maker.get();
      permit = known;
    }
    return known;
  }

  private static @Nullable HeldPermits here() {
    Object[] cell = HERE.get();
    return cell == null ? null : (HeldPermits) cell[0];
  }

  /** {@return those of the current thread; {@code null} if there are none} */
  public static @Nullable HeldPermits current() {
    HeldPermits here = here();
    for (HeldPermits at = here; at != null; at = at.outer) {
      at.permit(); // another thread may look for it
    }
    return here;
  }

  /**
   * Looks for a permit of the current thread.
   *
   * @param limiter whose permit
   * @return the innermost; {@code null} if there is none
   */
  public static @Nullable Object of(Object limiter) {
    HeldPermits here = here();
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
        return at.permit();
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
    Object[] cell = HERE.get();
    if (cell == null) {
      action.run();
      return;
    }
    Object before = cell[0];
    cell[0] = null;
    try {
      action.run();
    } finally {
      cell[0] = before;
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
    Object[] cell = cell();
    HeldPermits outer = (HeldPermits) cell[0];
    HeldPermits rest = outer == null ? null : outer.without(limiter);
    return new HeldPermits(limiter, permit, null, rest, null).call(cell, body);
  }

  /**
   * What work on the current thread holds that is about to hold one permit more, which is made when
   * somebody looks for it. For {@link #callHere}.
   *
   * @param limiter whose permit
   * @param maker makes it, on this thread, during the call
   * @return all that the work holds; {@code null} if it holds a permit of this limiter already
   */
  public static @Nullable HeldPermits withOneMore(Object limiter, Supplier<?> maker) {
    Object[] cell = cell();
    HeldPermits outer = (HeldPermits) cell[0];
    if (outer != null && outer.permitOf(limiter) != null) {
      return null;
    }
    return new HeldPermits(limiter, null, maker, outer, cell);
  }

  /** {@return the innermost permit; {@code null} if nobody has looked for it} */
  public @Nullable Object made() {
    return permit;
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
    return call(cell(), body);
  }

  /**
   * The same on the thread, and in the work, that has asked for {@linkplain #withOneMore one more}.
   *
   * @param body what to call
   * @param <T> the type of the value
   * @return what the body returns
   * @throws Exception what the body throws
   */
  public <T extends @Nullable Object> T callHere(Callable<? extends T> body) throws Exception {
    return call(cell, body);
  }

  private <T extends @Nullable Object> T call(Object[] cell, Callable<? extends T> body)
      throws Exception {
    Object before = cell[0];
    cell[0] = this;
    try {
      return body.call();
    } finally {
      cell[0] = before;
    }
  }

  private static Object[] cell() {
    Object[] cell = HERE.get();
    if (cell == null) {
      cell = new Object[1];
      HERE.set(cell);
    }
    return cell;
  }
}

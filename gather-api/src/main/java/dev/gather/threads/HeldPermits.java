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
  private static final ThreadLocal<@Nullable Object @Nullable []> HERE = new ThreadLocal<>();

  private final Object limiter;
  private final @Nullable HeldPermits outer;

  /** Null until somebody looks for it, where there is a maker. */
  private @Nullable Object permit;

  private final @Nullable Supplier<?> maker;

  /** Whether several threads hold the like of it, each a permit of its own. */
  private final boolean isPattern;

  private HeldPermits(
      Object limiter,
      @Nullable Object permit,
      @Nullable Supplier<?> maker,
      @Nullable HeldPermits outer,
      boolean isPattern) {
    this.limiter = limiter;
    this.permit = permit;
    this.maker = maker;
    this.outer = outer;
    this.isPattern = isPattern;
  }

  /** Nobody finds what is further out; work that goes on and on inside of itself would keep it. */
  private @Nullable HeldPermits without(Object limiter) {
    if (permitOf(limiter) == null) {
      return this;
    }
    HeldPermits rest = outer;
    return this.limiter == limiter || rest == null
        ? rest
        : new HeldPermits(this.limiter, permit(), null, rest.without(limiter), false);
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
    @Nullable Object[] place = HERE.get();
    return place == null ? null : at(place);
  }

  private static @Nullable HeldPermits at(@Nullable Object[] place) {
    HeldPermits here = (HeldPermits) place[0];
    if (here != null && here.isPattern) {
      here = new HeldPermits(here.limiter, null, here.maker, null, false);
      place[0] = here;
    }
    return here;
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
    @Nullable Object[] place = HERE.get();
    if (place == null) {
      action.run();
      return;
    }
    Object before = place[0];
    place[0] = null;
    try {
      action.run();
    } finally {
      place[0] = before;
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
    @Nullable Object[] place = place();
    return and(limiter, permit, at(place)).call(place, body);
  }

  /**
   * What work holds that holds one permit and nothing else; the permit is made when somebody looks
   * for it. For {@link #on}, on any thread, each with a permit of its own.
   *
   * @param limiter whose permit
   * @param maker makes it, on the thread that holds it
   * @return the pattern
   */
  public static HeldPermits pattern(Object limiter, Supplier<?> maker) {
    return new HeldPermits(limiter, null, maker, null, true);
  }

  /**
   * Where the current thread says what its work holds.
   *
   * @return the same on each call
   */
  public static @Nullable Object[] place() {
    @Nullable Object[] place = HERE.get();
    if (place == null) {
      place = new Object[1];
      HERE.set(place);
    }
    return place;
  }

  /**
   * Whether the work on the current thread holds a permit.
   *
   * @param place that of the thread
   * @param limiter whose permit
   * @return whether it does
   */
  public static boolean holds(@Nullable Object[] place, Object limiter) {
    for (HeldPermits at = (HeldPermits) place[0]; at != null; at = at.outer) {
      if (at.limiter == limiter) {
        return true;
      }
    }
    return false;
  }

  /**
   * What the work on the current thread holds when it holds these permits, too, each as the
   * innermost of its limiter; of the limiter of a {@linkplain #pattern pattern} it must hold none.
   * To be written into the place, and taken out of it again by whoever does so.
   *
   * @param place that of the thread
   * @return these themselves where the work holds nothing else
   */
  public HeldPermits on(@Nullable Object[] place) {
    HeldPermits before = at(place);
    if (before == null || before == this) {
      return this;
    }
    return isPattern ? new HeldPermits(limiter, null, maker, before, false) : inside(before);
  }

  private HeldPermits inside(HeldPermits before) {
    HeldPermits rest = outer;
    return and(limiter, permit(), rest == null ? before : rest.inside(before));
  }

  /**
   * What work holds that holds one permit more.
   *
   * @param limiter whose permit
   * @param permit the permit, or the future of the one that is waited for
   * @param outer what else it holds; null for nothing
   * @return all of them
   */
  public static HeldPermits and(Object limiter, Object permit, @Nullable HeldPermits outer) {
    HeldPermits rest = outer == null ? null : outer.without(limiter);
    return new HeldPermits(limiter, permit, null, rest, false);
  }

  /**
   * The permit of what has been {@linkplain #on in a place}.
   *
   * @param held what was there at last
   * @return the permit; {@code null} if nobody has looked for it
   */
  public static @Nullable Object made(Object held) {
    return ((HeldPermits) held).permit;
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
    return call(place(), body);
  }

  private <T extends @Nullable Object> T call(@Nullable Object[] place, Callable<? extends T> body)
      throws Exception {
    Object before = place[0];
    place[0] = this;
    try {
      return body.call();
    } finally {
      place[0] = before;
    }
  }
}

package dev.gather;

import dev.gather.Limiter.Permit;
import dev.gather.threads.HeldPermits;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Calls bodies with a permit that is there at once. It is only counted, and there is no object that
 * stands for it unless the body looks for one.
 */
final class CountedCalls {
  private final Limiter limiter;
  private final PermitDesk desk;
  private final HeldPermits alone;

  CountedCalls(Limiter limiter, PermitDesk desk) {
    this.limiter = limiter;
    this.desk = desk;
    this.alone = HeldPermits.pattern(limiter, () -> new Permit(limiter, null, Claim.State.HELD));
  }

  /**
   * Takes a permit for {@link #call}, which gives it back.
   *
   * @param place that of the thread
   * @return what the work on this thread holds with it; {@code null} if it has to wait, or has one
   *     already
   */
  @Nullable HeldPermits tryTake(@Nullable Object[] place) {
    if (HeldPermits.holds(place, limiter)) {
      return null;
    }
    HeldPermits held = alone.on(place); // first: there may be no memory for it
    return desk.tryTake() ? held : null;
  }

  /** Nothing is called where the place is written: the stack may be at its end. */
  <T extends @Nullable Object> T call(
      @Nullable Object[] place, HeldPermits held, Callable<? extends T> body) throws Exception {
    Object before = place[0];
    place[0] = held;
    T value;
    try {
      value = body.call();
    } catch (Throwable thrown) {
      Object seen = place[0];
      place[0] = before;
      try {
        giveBack(seen);
      } catch (Throwable late) { // by the clock of somebody else, for whoever is next
        if (late != thrown) {
          thrown.addSuppressed(late);
        }
      }
      throw thrown;
    }
    Object seen = place[0];
    place[0] = before;
    giveBack(seen);
    return value;
  }

  private void giveBack(Object held) {
    if (HeldPermits.made(held) instanceof Permit permit) {
      permit.close();
    } else {
      desk.giveBack();
    }
  }
}

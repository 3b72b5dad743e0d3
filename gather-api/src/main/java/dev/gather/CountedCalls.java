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
   * Takes a permit for {@link #call}, which gives it back; false if the work on this thread has to
   * wait for it, or has one already.
   *
   * @param place that of the thread
   */
  boolean tryTake(Object[] place) {
    return !HeldPermits.holds(place, limiter) && desk.tryTake();
  }

  <T extends @Nullable Object> T call(Object[] place, Callable<? extends T> body) throws Exception {
    HeldPermits before = alone.addTo(place);
    T value;
    try {
      value = body.call();
    } catch (Throwable thrown) {
      try {
        giveBack(HeldPermits.putBack(place, before));
      } catch (Throwable late) { // by the clock of somebody else, for whoever is next
        if (late != thrown) {
          thrown.addSuppressed(late);
        }
      }
      throw thrown;
    }
    giveBack(HeldPermits.putBack(place, before));
    return value;
  }

  private void giveBack(@Nullable Object seen) {
    if (seen instanceof Permit permit) {
      permit.close();
    } else {
      desk.giveBack();
    }
  }
}

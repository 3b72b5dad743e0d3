package dev.gather;

import dev.gather.Limiter.Permit;
import dev.gather.threads.HeldPermits;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls bodies with a permit that is there at once. It is only counted, and there is no object that
 * stands for it unless the body looks for one.
 */
final class CountedCalls {
  private final Limiter limiter;
  private final PermitDesk desk;
  private final Supplier<Permit> maker;

  CountedCalls(Limiter limiter, PermitDesk desk) {
    this.limiter = limiter;
    this.desk = desk;
    this.maker = () -> new Permit(limiter, null, Claim.State.HELD);
  }

  /**
   * Takes a permit for {@link #call}, which gives it back.
   *
   * @return what the work on this thread holds with it; {@code null} if it has to wait, or has one
   *     already
   */
  @Nullable HeldPermits tryTake() {
    HeldPermits held = HeldPermits.withOneMore(limiter, maker);
    return held != null && desk.tryTake() ? held : null;
  }

  <T extends @Nullable Object> T call(HeldPermits held, Callable<? extends T> body)
      throws Exception {
    T value;
    try {
      value = held.callHere(body);
    } catch (Throwable thrown) {
      try {
        giveBack(held);
      } catch (Throwable late) { // by the clock of somebody else, for whoever is next
        if (late != thrown) {
          thrown.addSuppressed(late);
        }
      }
      throw thrown;
    }
    giveBack(held);
    return value;
  }

  private void giveBack(HeldPermits held) {
    if (held.made() instanceof Permit permit) {
      permit.close();
    } else {
      desk.giveBack();
    }
  }
}

package dev.gather;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many permits of a limiter are free, while that is all there is to know: nobody waits, and no
 * rate is kept. Then a permit is taken or given back by one step, without the lock of the {@link
 * PermitDesk}. Whoever has more to decide closes this first, under that lock, so that nothing
 * changes meanwhile.
 */
final class FreePermits {
  /*
   *                  open(n)
   *   CLOSED ──────────────────────► n free ◄──► n ∓ 1 free     tryTake, tryGiveBack
   *      ▲                              │
   *      └────────── close: n ──────────┘
   */
  private static final int CLOSED = -1;

  private final AtomicInteger free = new AtomicInteger(CLOSED);

  /** False if none is free, or nobody can tell without the lock. */
  boolean tryTake() {
    for (int now = free.get(); now > 0; now = free.get()) {
      if (free.weakCompareAndSetVolatile(now, now - 1)) {
        return true;
      }
    }
    return false;
  }

  /** False if somebody may wait for it. */
  boolean tryGiveBack() {
    for (int now = free.get(); now != CLOSED; now = free.get()) {
      if (free.weakCompareAndSetVolatile(now, now + 1)) {
        return true;
      }
    }
    return false;
  }

  /** By whoever has the lock, as the next. */
  void open(int many) {
    free.set(many);
  }

  /** {@return how many were free when this was closed; negative if it was closed already} */
  int close() {
    return free.get() == CLOSED ? CLOSED : free.getAndSet(CLOSED);
  }
}

package dev.gather.coroutines.internal.cells;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * How many more tasks may run. A place that is given back is free for anybody: nobody queues here,
 * because whoever ends a task goes on with its place.
 */
public final class Places {
  /*
   *                release                  release
   *   0 free ◄───────────────► 1 free ◄───────────────► … limit free
   *              tryAcquire               tryAcquire
   */

  private static final AtomicIntegerFieldUpdater<Places> FREE =
      AtomicIntegerFieldUpdater.newUpdater(Places.class, "free");

  /** Nobody counts these, which all workers would have to do in the same place. */
  private static final int UNLIMITED = Integer.MAX_VALUE;

  private static final Places WITHOUT_LIMIT = new Places(UNLIMITED);

  private volatile int free;

  private Places(int limit) {
    this.free = limit;
  }

  public static Places of(int limit) {
    return limit == UNLIMITED ? WITHOUT_LIMIT : new Places(limit);
  }

  public boolean tryAcquire() {
    int seen = free;
    if (seen == UNLIMITED) {
      return true;
    }
    while (seen > 0) {
      if (FREE.compareAndSet(this, seen, seen - 1)) {
        return true;
      }
      seen = free;
    }
    return false;
  }

  public void release() {
    if (free != UNLIMITED) {
      FREE.incrementAndGet(this);
    }
  }

  /** Whether there is a limit. */
  public boolean areCounted() {
    return free != UNLIMITED;
  }

  public boolean anyFree() {
    return free > 0;
  }

  public boolean anyFree(int atLeast) {
    return free >= atLeast;
  }
}

package dev.gather.coroutines.internal;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * How many more tasks may run. A permit that is given back is free for anybody: nobody queues here,
 * because whoever ends a task goes on with its permit.
 */
public final class Permits {
  private static final AtomicIntegerFieldUpdater<Permits> FREE =
      AtomicIntegerFieldUpdater.newUpdater(Permits.class, "free");

  private volatile int free;

  public Permits(int limit) {
    this.free = limit;
  }

  public boolean tryAcquire() {
    int seen = free;
    while (seen > 0) {
      if (FREE.compareAndSet(this, seen, seen - 1)) {
        return true;
      }
      seen = free;
    }
    return false;
  }

  public void release() {
    FREE.incrementAndGet(this);
  }

  public boolean anyFree() {
    return free > 0;
  }
}

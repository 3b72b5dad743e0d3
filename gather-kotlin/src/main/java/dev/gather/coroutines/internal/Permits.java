package dev.gather.coroutines.internal;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many more tasks may run. A permit that is given back is free for anybody: nobody queues here,
 * because whoever ends a task goes on with its permit.
 */
public final class Permits {
  private final AtomicInteger free;

  public Permits(int limit) {
    this.free = new AtomicInteger(limit);
  }

  public boolean tryAcquire() {
    int seen = free.get();
    while (seen > 0) {
      int witness = free.compareAndExchange(seen, seen - 1);
      if (witness == seen) {
        return true;
      }
      seen = witness;
    }
    return false;
  }

  public void release() {
    free.incrementAndGet();
  }

  public boolean anyFree() {
    return free.get() > 0;
  }
}

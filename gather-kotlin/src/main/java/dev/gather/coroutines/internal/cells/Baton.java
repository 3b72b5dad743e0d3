package dev.gather.coroutines.internal.cells;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets one worker at a time read the input, without a lock around user code and without a blocked
 * thread: a worker that finds the baton taken leaves for good and is counted, and who holds the
 * baton learns at the end how many have left because of it, so that it can make up for them.
 */
public final class Baton {
  /*
   *          tryTake, takeOrLeave           takeOrLeave (the caller leaves)
   *   FREE ───────────────────────► TAKEN, 0 left ───► TAKEN, 1 left ───► …
   *    ▲                                  │                  │
   *    └──────── giveBack: 0 ─────────────┴── giveBack: 1 ───┘
   */

  // Reading an item mostly takes nanoseconds; leaving and coming back takes a dispatch.
  private static final int SPINS = 64;

  private final int spins;

  /** 0: free; n: taken, and n - 1 workers have left. */
  private final AtomicInteger state = new AtomicInteger();

  public Baton() {
    this(SPINS);
  }

  /** With fewer spins: a model checker comes to an end, and readers that race do leave. */
  public Baton(int spins) {
    this.spins = spins;
  }

  /** Takes the baton if it is free, or is so in a moment. */
  public boolean tryTake() {
    return !staysTaken() && state.compareAndSet(0, 1);
  }

  /** Takes the baton, or counts the caller as one that has left. */
  public boolean takeOrLeave() {
    for (int i = 0; i < spins; i++) {
      if (state.get() == 0 && state.compareAndSet(0, 1)) {
        return true;
      }
      Thread.onSpinWait();
    }
    return state.getAndUpdate(n -> n + 1) == 0;
  }

  /** Whether somebody has it for longer than it mostly takes. */
  public boolean staysTaken() {
    for (int i = 0; i < spins; i++) {
      if (state.get() == 0) {
        return false;
      }
      Thread.onSpinWait();
    }
    return state.get() != 0;
  }

  /** Whether somebody has it now. */
  public boolean isTaken() {
    return state.get() != 0;
  }

  /** Gives the baton back and says how many have left since it was taken. */
  public int giveBack() {
    return state.getAndSet(0) - 1;
  }
}

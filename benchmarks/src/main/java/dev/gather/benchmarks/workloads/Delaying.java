package dev.gather.benchmarks.workloads;

import dev.gather.benchmarks.suspending.Body;
import dev.gather.benchmarks.suspending.Pausing;

/** Bodies that delay 10 ms. */
public class Delaying extends SuspendWorkload {
  @Override
  protected Body body() {
    return new Pausing(10);
  }

  @Override
  protected int rounds() {
    return 1;
  }
}

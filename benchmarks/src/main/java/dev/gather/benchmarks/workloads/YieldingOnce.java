package dev.gather.benchmarks.workloads;

import dev.gather.benchmarks.suspending.Body;
import dev.gather.benchmarks.suspending.Yielding;

/** Bodies that give up their thread once. */
public class YieldingOnce extends SuspendWorkload {
  @Override
  protected Body body() {
    return new Yielding();
  }
}

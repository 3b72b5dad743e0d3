package dev.gather.benchmarks.workloads;

import dev.gather.benchmarks.suspending.Body;
import dev.gather.benchmarks.suspending.Shortly;

/** Bodies that return without suspending, after some 20 ns of work. */
public class NotSuspending extends SuspendWorkload {
  @Override
  protected Body body() {
    return new Shortly();
  }
}

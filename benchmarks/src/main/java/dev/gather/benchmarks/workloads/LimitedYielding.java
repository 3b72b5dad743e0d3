package dev.gather.benchmarks.workloads;

import dev.gather.benchmarks.suspending.Body;
import dev.gather.benchmarks.suspending.Yielding;

/** Coroutines that give up their thread once, no more than some at the same time. */
public class LimitedYielding extends LimitedSuspending {
  @Override
  protected Body body() {
    return new Yielding();
  }
}

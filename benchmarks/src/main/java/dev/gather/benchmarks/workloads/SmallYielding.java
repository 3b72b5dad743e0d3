package dev.gather.benchmarks.workloads;

import dev.gather.benchmarks.suspending.Body;
import dev.gather.benchmarks.suspending.Yielding;

/** Three coroutines that give up their thread once. */
public class SmallYielding extends SmallKotlin {
  @Override
  protected Body body() {
    return new Yielding();
  }
}

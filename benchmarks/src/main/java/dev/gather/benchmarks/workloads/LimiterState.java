package dev.gather.benchmarks.workloads;

import org.openjdk.jmh.annotations.Param;

/** Callables that return after some 20 ns, no more than some with a permit at the same time. */
public abstract class LimiterState extends CallableState {
  @Param("16")
  public int limit;

  @Override
  protected Item call(Item item) {
    return Work.shortly(item);
  }
}

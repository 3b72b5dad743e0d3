package dev.gather.benchmarks.workloads;

import dev.gather.future.Gather;
import org.openjdk.jmh.annotations.Param;

/** Callables that return after some 20 ns, no more than some at the same time. */
public class LimitedCallables extends CallableWorkload {
  @Param("16")
  public int limit;

  @Override
  protected Item call(Item item) {
    return Work.shortly(item);
  }

  @Override
  protected int threads() {
    return limit;
  }

  @Override
  protected int concurrency() {
    return limit;
  }

  @Override
  protected Gather<Item> configured(Gather<Item> gather) {
    return gather.limit(limit);
  }
}

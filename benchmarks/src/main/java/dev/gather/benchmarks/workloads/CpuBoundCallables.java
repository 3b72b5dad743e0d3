package dev.gather.benchmarks.workloads;

import org.openjdk.jmh.annotations.Param;

/** Callables that compute. */
public class CpuBoundCallables extends ShortCallables {
  @Param({"1", "10", "100"})
  public int micros;

  @Override
  protected Item call(Item item) {
    return Work.forMicros(micros, item);
  }
}

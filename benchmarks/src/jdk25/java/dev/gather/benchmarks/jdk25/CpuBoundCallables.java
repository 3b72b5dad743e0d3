package dev.gather.benchmarks.jdk25;

import dev.gather.benchmarks.workloads.Item;
import dev.gather.benchmarks.workloads.Work;
import org.openjdk.jmh.annotations.Param;

/** Callables that compute. */
public class CpuBoundCallables extends VirtualContenders {
  @Param({"1", "10", "100"})
  public int micros;

  @Override
  protected Item call(Item item) {
    return Work.forMicros(micros, item);
  }
}

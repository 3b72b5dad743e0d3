package dev.gather.benchmarks.jdk25;

import dev.gather.benchmarks.workloads.Item;
import dev.gather.benchmarks.workloads.Work;

/** Callables that block for 1 ms. */
public class SleepingCallables extends VirtualContenders {
  @Override
  protected Item call(Item item) throws InterruptedException {
    return Work.asleep(item);
  }
}

package dev.gather.benchmarks.jdk25;

import dev.gather.benchmarks.workloads.Item;
import dev.gather.benchmarks.workloads.Work;

/** Callables that return after some 20 ns. */
public class ShortCallables extends VirtualContenders {
  @Override
  protected Item call(Item item) {
    return Work.shortly(item);
  }
}

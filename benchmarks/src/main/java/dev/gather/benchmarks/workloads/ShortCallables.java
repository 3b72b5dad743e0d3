package dev.gather.benchmarks.workloads;

/** Callables that return after some 20 ns. */
public class ShortCallables extends CallableWorkload {
  @Override
  protected Item call(Item item) {
    return Work.shortly(item);
  }
}

package dev.gather.benchmarks.workloads;

/** Callables that block for 1 ms. */
public class SleepingCallables extends CallableWorkload {
  /** As many as servers have by default. */
  private static final int THREADS = 200;

  @Override
  protected Item call(Item item) throws InterruptedException {
    return Work.asleep(item);
  }

  @Override
  protected int threads() {
    return THREADS;
  }
}

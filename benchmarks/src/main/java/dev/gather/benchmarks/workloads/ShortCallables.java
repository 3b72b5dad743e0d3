package dev.gather.benchmarks.workloads;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;

/** Callables that return after some 20 ns, as many at a time as there are processors. */
public class ShortCallables extends CallableWorkload {
  @Override
  protected Item call(Item item) {
    return Work.shortly(item);
  }

  @Override
  protected int threads() {
    return Runtime.getRuntime().availableProcessors();
  }

  @Override
  protected Executor async(ExecutorService fixedPool) {
    return ForkJoinPool.commonPool();
  }
}

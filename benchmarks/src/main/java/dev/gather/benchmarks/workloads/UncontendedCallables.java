package dev.gather.benchmarks.workloads;

import dev.gather.Limiter;
import io.github.resilience4j.bulkhead.Bulkhead;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * One thread that asks for a permit for each callable, one after another, and always has one at
 * once.
 */
public class UncontendedCallables extends LimiterState {
  private Limiter limiter;
  private Semaphore semaphore;
  private Bulkhead bulkhead;

  @Override
  protected void open() {
    super.open();
    limiter = Limiter.concurrent(limit);
    semaphore = new Semaphore(limit, true);
    bulkhead = Bulkheads.of(limit);
  }

  @Benchmark
  public List<Item> gather() throws Exception {
    List<Item> results = new ArrayList<>(n);
    for (Callable<Item> callable : callables) {
      results.add(limiter.call(callable));
    }
    return results;
  }

  @Benchmark
  public List<Item> semaphore() throws Exception {
    List<Item> results = new ArrayList<>(n);
    for (Callable<Item> callable : callables) {
      semaphore.acquire();
      try {
        results.add(callable.call());
      } finally {
        semaphore.release();
      }
    }
    return results;
  }

  @Benchmark
  public List<Item> bulkhead() throws Exception {
    List<Item> results = new ArrayList<>(n);
    for (Callable<Item> callable : callables) {
      results.add(bulkhead.executeCallable(callable));
    }
    return results;
  }
}

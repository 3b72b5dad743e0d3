package dev.gather.benchmarks.workloads;

import dev.gather.Limiter;
import dev.gather.future.Gather;
import io.github.resilience4j.bulkhead.Bulkhead;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.openjdk.jmh.annotations.Benchmark;

/** Callables that need a permit each, of a limiter that others might share. */
public class LimiterCallables extends LimiterState {
  /** So that somebody has to wait. */
  private static final int THREADS_PER_PERMIT = 2;

  private ExecutorService fixed;
  private Limiter limiter;
  private Semaphore semaphore;
  private Bulkhead bulkhead;

  @Override
  protected void open() {
    super.open();
    fixed = Executors.newFixedThreadPool(THREADS_PER_PERMIT * limit);
    limiter = Limiter.concurrent(limit);
    semaphore = new Semaphore(limit, true);
    bulkhead = Bulkheads.of(limit);
  }

  @Override
  protected void close() throws Exception {
    Threads.end(fixed);
  }

  @Benchmark
  public List<Item> gather() {
    return Gather.<Callable<Item>, Item>each(callables, Callable::call)
        .limiter(limiter)
        .all()
        .join();
  }

  @Benchmark
  public List<Item> semaphore() throws Exception {
    return Permitted.invokeAll(
        fixed, callables.stream().map(callable -> Permitted.by(semaphore, callable)).toList());
  }

  @Benchmark
  public List<Item> bulkhead() throws Exception {
    return Permitted.invokeAll(
        fixed,
        callables.stream().map(callable -> Bulkhead.decorateCallable(bulkhead, callable)).toList());
  }
}

package dev.gather.benchmarks.jdk25;

import dev.gather.benchmarks.workloads.Item;
import dev.gather.benchmarks.workloads.LimiterState;
import dev.gather.benchmarks.workloads.Permitted;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.openjdk.jmh.annotations.Benchmark;

/** Callables that need a permit each, a virtual thread each. */
public class LimiterCallables extends LimiterState {
  private ExecutorService virtual;
  private Semaphore semaphore;

  @Override
  protected void open() {
    super.open();
    virtual = Executors.newVirtualThreadPerTaskExecutor();
    semaphore = new Semaphore(limit, true);
  }

  @Override
  protected void close() {
    virtual.close();
  }

  @Benchmark
  public List<Item> semaphoreVirtual() throws Exception {
    return Permitted.invokeAll(
        virtual, callables.stream().map(callable -> Permitted.by(semaphore, callable)).toList());
  }
}

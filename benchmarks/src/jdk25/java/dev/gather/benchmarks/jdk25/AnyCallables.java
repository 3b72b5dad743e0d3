package dev.gather.benchmarks.jdk25;

import dev.gather.benchmarks.workloads.AnyState;
import dev.gather.benchmarks.workloads.Item;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Joiner;
import org.openjdk.jmh.annotations.Benchmark;

/** From the start of some callables, of which one returns, to its value. */
public class AnyCallables extends AnyState {
  private ExecutorService virtual;

  @Override
  protected void open() {
    virtual = Executors.newVirtualThreadPerTaskExecutor();
  }

  @Override
  protected void close() {
    virtual.close();
  }

  @Benchmark
  public Item invokeAnyVirtual() throws Exception {
    return virtual.invokeAny(callables);
  }

  @Benchmark
  public Item structured() throws InterruptedException {
    try (var scope = StructuredTaskScope.open(Joiner.<Item>anySuccessfulResultOrThrow())) {
      callables.forEach(scope::fork);
      return scope.join();
    }
  }
}

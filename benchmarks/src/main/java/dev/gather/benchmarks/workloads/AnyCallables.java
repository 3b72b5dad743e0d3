package dev.gather.benchmarks.workloads;

import dev.gather.future.Gather;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.openjdk.jmh.annotations.Benchmark;

/** From the start of some callables, of which one returns, to its value. */
public class AnyCallables extends AnyState {
  private ExecutorService fixed;

  @Override
  protected void open() {
    fixed = Executors.newFixedThreadPool(n);
  }

  @Override
  protected void close() throws Exception {
    Threads.end(fixed);
  }

  @Benchmark
  public Item gather() {
    return Gather.<Callable<Item>, Item>each(callables, Callable::call).any().join();
  }

  @Benchmark
  public Item invokeAnyFixed() throws Exception {
    return fixed.invokeAny(callables);
  }

  @Benchmark
  public Object anyOf() {
    return CompletableFuture.anyOf(
            callables.stream()
                .map(
                    callable ->
                        CompletableFuture.supplyAsync(
                            () -> CallableState.unchecked(callable), fixed))
                .toArray(CompletableFuture[]::new))
        .join();
  }
}

package dev.gather.benchmarks.jdk25;

import dev.gather.benchmarks.workloads.Item;
import dev.gather.benchmarks.workloads.SmallState;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Subtask;
import org.openjdk.jmh.annotations.Benchmark;

/** Three callables that return at once. */
public class SmallJava extends SmallState {
  private ExecutorService virtual;

  @Override
  protected void open() {
    super.open();
    virtual = Executors.newVirtualThreadPerTaskExecutor();
  }

  @Override
  protected void close() {
    virtual.close();
  }

  @Benchmark
  public List<Item> invokeAllVirtual() throws Exception {
    var futures = virtual.invokeAll(List.of(a, b, c));
    return List.of(futures.get(0).get(), futures.get(1).get(), futures.get(2).get());
  }

  @Benchmark
  public List<Item> structured() throws InterruptedException {
    try (var scope = StructuredTaskScope.open()) {
      Subtask<Item> x = scope.fork(a);
      Subtask<Item> y = scope.fork(b);
      Subtask<Item> z = scope.fork(c);
      scope.join();
      return List.of(x.get(), y.get(), z.get());
    }
  }
}

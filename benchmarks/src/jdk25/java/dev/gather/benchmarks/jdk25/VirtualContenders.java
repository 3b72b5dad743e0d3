package dev.gather.benchmarks.jdk25;

import static java.util.stream.Collectors.toList;

import com.pivovarit.collectors.ParallelCollectors;
import dev.gather.benchmarks.workloads.CallableState;
import dev.gather.benchmarks.workloads.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Subtask;
import java.util.stream.Gatherers;
import org.openjdk.jmh.annotations.Benchmark;

/** Callables, a virtual thread each. */
public abstract class VirtualContenders extends CallableState {
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
    List<Item> results = new ArrayList<>(n);
    for (var future : virtual.invokeAll(callables)) {
      results.add(future.get());
    }
    return results;
  }

  @Benchmark
  public List<Item> structured() throws InterruptedException {
    try (var scope = StructuredTaskScope.open()) {
      List<Subtask<Item>> subtasks = callables.stream().map(scope::fork).toList();
      scope.join();
      return subtasks.stream().map(Subtask::get).toList();
    }
  }

  @Benchmark
  public List<Item> mapConcurrent() {
    return callables.stream().gather(Gatherers.mapConcurrent(n, CallableState::unchecked)).toList();
  }

  @Benchmark
  public List<Item> parallelCollectors() {
    return callables.stream()
        .collect(ParallelCollectors.parallel(CallableState::unchecked, toList()))
        .join();
  }
}

package dev.gather.benchmarks.jdk25;

import com.pivovarit.collectors.ParallelCollectors;
import dev.gather.benchmarks.workloads.Arrivals;
import dev.gather.benchmarks.workloads.AsCompletedState;
import dev.gather.benchmarks.workloads.CallableState;
import dev.gather.benchmarks.workloads.CompletionService;
import dev.gather.benchmarks.workloads.Item;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;

/** Callables whose results are taken as they come, a virtual thread each. */
public class AsCompletedCallables extends AsCompletedState {
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
  public List<Item> completionServiceVirtual() throws Exception {
    return CompletionService.take(virtual, callables, limit);
  }

  @Benchmark
  public List<Item> parallelCollectors() {
    Arrivals arrivals = new Arrivals(n);
    Stream<Item> results =
        callables.stream()
            .collect(ParallelCollectors.parallelToStream(CallableState::unchecked, virtual, limit));
    results.forEach(arrivals::add);
    return arrivals.inOrder();
  }
}

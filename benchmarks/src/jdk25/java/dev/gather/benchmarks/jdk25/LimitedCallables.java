package dev.gather.benchmarks.jdk25;

import static java.util.stream.Collectors.toList;

import com.pivovarit.collectors.ParallelCollectors;
import dev.gather.benchmarks.workloads.CallableState;
import dev.gather.benchmarks.workloads.Item;
import dev.gather.benchmarks.workloads.Work;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Gatherers;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Callables that return after some 20 ns, no more than some at the same time. */
public class LimitedCallables extends CallableState {
  @Param("16")
  public int limit;

  private ExecutorService virtual;

  @Override
  protected Item call(Item item) {
    return Work.shortly(item);
  }

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
  public List<Item> mapConcurrent() {
    return callables.stream()
        .gather(Gatherers.mapConcurrent(limit, CallableState::unchecked))
        .toList();
  }

  @Benchmark
  public List<Item> parallelCollectors() {
    return callables.stream()
        .collect(ParallelCollectors.parallel(CallableState::unchecked, toList(), virtual, limit))
        .join();
  }
}

package dev.gather.benchmarks.workloads;

import dev.gather.benchmarks.suspending.Calls;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;

/** Suspend functions that are called from Java, each call a future. */
public class BridgedCalls extends ManyTasks {
  private Calls calls;

  @Override
  protected void open() {
    calls = new Calls(items);
  }

  @Override
  protected void close() {
    calls.close();
  }

  @Benchmark
  public List<Item> gather() {
    return calls.door();
  }

  @Benchmark
  public List<Item> kotlinxFuture() {
    return calls.scope();
  }
}

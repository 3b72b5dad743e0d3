package dev.gather.benchmarks.workloads;

import dev.gather.benchmarks.suspending.Options;
import dev.gather.benchmarks.suspending.Shortly;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;

/** What an option costs: coroutines that do not suspend. */
public class OptionsSuspending extends ManyTasks {
  private final CountingListener listener = new CountingListener();
  private Options options;

  @Override
  protected void open() {
    options = new Options(items, Rounds.of(n), new Shortly());
  }

  @Benchmark
  public List<Item> gather() {
    return options.plain();
  }

  @Benchmark
  public List<Item> listener() {
    return options.listener(listener);
  }

  @Benchmark
  public List<Item> taskTimeout() {
    return options.taskTimeout();
  }

  @Benchmark
  public List<Item> names() {
    return options.names();
  }
}

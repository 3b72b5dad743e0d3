package dev.gather.benchmarks.workloads;

import dev.gather.future.Gather;
import dev.gather.future.Task;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.annotations.Benchmark;

/** What an option costs: callables that return at once. */
public class OptionsCallables extends CallableState {
  private final CountingListener listener = new CountingListener();
  private List<Task<Item>> tasks;
  private List<Task<Item>> named;

  @Override
  protected Item call(Item item) {
    return Work.shortly(item);
  }

  @Override
  protected void open() {
    super.open();
    tasks = callables.stream().map(Task::<Item>of).toList();
    named = tasks.stream().map(task -> task.named("item")).toList();
  }

  @Benchmark
  public List<Item> gather() {
    return plain().all().join();
  }

  @Benchmark
  public List<Item> listener() {
    return plain().listener(listener).all().join();
  }

  @Benchmark
  public List<Item> taskTimeout() {
    return plain().taskTimeout(Duration.ofHours(1)).all().join();
  }

  /** What names are compared with: they need a task object each. */
  @Benchmark
  public List<Item> unnamed() {
    return Gather.of(tasks).all().join();
  }

  @Benchmark
  public List<Item> names() {
    return Gather.of(named).all().join();
  }

  private Gather<Item> plain() {
    return Gather.<Callable<Item>, Item>each(callables, Callable::call);
  }
}

package dev.gather.benchmarks.workloads;

import dev.gather.benchmarks.suspending.Body;
import dev.gather.benchmarks.suspending.Contender;
import dev.gather.benchmarks.suspending.Coroutines;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;

/** Coroutines, all at the same time. */
public abstract class SuspendWorkload extends ManyTasks {
  private Body body;

  protected abstract Body body() throws Exception;

  /** One, where a coroutine that is started once more makes no difference. */
  protected int rounds() {
    return Rounds.of(n);
  }

  @Override
  protected void open() throws Exception {
    body = body();
  }

  @Benchmark
  public List<Item> gather() {
    return run(Contender.GATHER);
  }

  @Benchmark
  public List<Item> raw() {
    return run(Contender.RAW);
  }

  @Benchmark
  public List<Item> arrow() {
    return run(Contender.ARROW);
  }

  @Benchmark
  public List<Item> flow() {
    return run(Contender.FLOW);
  }

  private List<Item> run(Contender contender) {
    return Coroutines.run(contender, items, body, rounds());
  }
}

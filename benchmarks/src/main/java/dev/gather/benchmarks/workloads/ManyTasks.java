package dev.gather.benchmarks.workloads;

import org.openjdk.jmh.annotations.Param;

/** As many tasks as one likes. */
public abstract class ManyTasks extends Workload {
  @Param("1000")
  public int n;

  @Override
  protected final int tasks() {
    return n;
  }
}

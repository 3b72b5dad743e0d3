package dev.gather.benchmarks.workloads;

import org.openjdk.jmh.annotations.Param;

/** A few tasks that are written out. */
public abstract class ThreeTasks extends Workload {
  /** Only a parameter so that it stands in the results. */
  @Param("3")
  public int n;

  @Override
  protected final int tasks() {
    return 3;
  }
}

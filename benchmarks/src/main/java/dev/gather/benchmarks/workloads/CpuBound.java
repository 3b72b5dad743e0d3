package dev.gather.benchmarks.workloads;

import dev.gather.benchmarks.suspending.Body;
import dev.gather.benchmarks.suspending.Computing;
import org.openjdk.jmh.annotations.Param;

/** Bodies that compute and do not suspend. */
public class CpuBound extends SuspendWorkload {
  @Param({"1", "10", "100"})
  public int micros;

  @Override
  protected Body body() {
    return new Computing(micros);
  }
}

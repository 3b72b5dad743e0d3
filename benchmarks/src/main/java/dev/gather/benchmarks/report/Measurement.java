package dev.gather.benchmarks.report;

import java.util.Map;

/**
 * What one contender needed in one workload, for each task or for the whole call, as the {@link
 * Subject} says.
 *
 * @param workload the simple name of its class
 * @param contender the name of its method
 * @param params as JMH names them; {@code n} is the number of tasks
 * @param nanos how long it took
 * @param bytes how much it allocated; without numbers where that cannot be measured
 */
record Measurement(
    String workload, String contender, Map<String, String> params, Samples nanos, Samples bytes) {

  static final String GATHER = "gather";

  /** One, where nothing is said: a heartbeat beside nobody. */
  int tasks() {
    return Integer.parseInt(params.getOrDefault("n", "1"));
  }

  boolean isGather() {
    return contender.equals(GATHER);
  }
}

package dev.gather.benchmarks.report;

import java.util.Map;

/**
 * What one contender needed in one workload.
 *
 * @param workload the simple name of its class
 * @param contender the name of its method
 * @param params as JMH names them; {@code n} is the number of tasks
 * @param nanos for each task, or for the whole if the workload is about that
 * @param error half of the confidence interval, in nanoseconds; not a number if there is none
 * @param bytes for each task; not a number where they were not, or cannot be, measured
 */
public record Measurement(
    String workload,
    String contender,
    Map<String, String> params,
    double nanos,
    double error,
    double bytes) {

  public int tasks() {
    return Integer.parseInt(params.getOrDefault("n", "1"));
  }
}

package dev.gather.benchmarks.report;

import dev.gather.benchmarks.paired.Pairs;

/**
 * How much Gather may need at most, as a part of what somebody else needs.
 *
 * @param workload the simple name of its class
 * @param n the number of tasks
 * @param peer the other
 * @param time the greatest ratio of the times
 * @param bytes the greatest ratio of the bytes; not a number if there is none
 */
public record Budget(String workload, int n, String peer, double time, double bytes) {

  /** Whether it is kept, with so many times the bytes. */
  public boolean allowsBytes(Pairs pairs, double tolerance) {
    return !(pairs.bytes() > bytes * tolerance);
  }

  boolean isMet(Pairs pairs) {
    return pairs.time() <= time && allowsBytes(pairs, 1);
  }
}

package dev.gather.benchmarks.paired;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How Gather and a peer did in one workload, turn by turn.
 *
 * @param workload the simple name of its class
 * @param n the number of tasks
 * @param peer the name of the method of the other
 * @param turns in the order in which they were measured
 */
public record Pairs(String workload, int n, String peer, List<Turn> turns) {

  /** The time of Gather as a part of that of the other: of half of the turns it is less. */
  public double time() {
    return time(0.5);
  }

  /** The same, of a part of the turns. */
  public double time(double part) {
    return quantile(part, turn -> turn.nanos() / turn.peerNanos());
  }

  /** The bytes of Gather as a part of those of the other. */
  public double bytes() {
    return quantile(0.5, turn -> turn.bytes() / turn.peerBytes());
  }

  public double quantile(double part, ToDoubleFunction<Turn> of) {
    double[] sorted = turns.stream().mapToDouble(of).sorted().toArray();
    double at = part * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}

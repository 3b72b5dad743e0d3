package dev.gather.benchmarks.paired;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures Gather and a peer in this JVM, in turn: A B, B A, and so on. What else the machine does
 * then meets both, so the ratio of each turn tells more than the times.
 */
public final class Pairing {
  private static final List<String> PACKAGES =
      List.of("dev.gather.benchmarks.workloads", "dev.gather.benchmarks.jdk25");

  private static final String GATHER = "gather";

  /** A turn shorter than that would measure the clock, and the collector in some turns only. */
  private static final double TURN_NANOS = 20e6;

  private static final int FEWEST_TURNS = 5;

  private Pairing() {}

  /** Whether both are there, which may take a newer JDK. */
  public static boolean isThere(String workload, String peer) {
    return find(workload, GATHER) != null && find(workload, peer) != null;
  }

  /**
   * @param isFirst whether Gather is called before the other the first time: the compiler makes
   *     more of the code that it sees first, of which both use much
   * @param warmup how long both run before
   * @param measured how long both are measured together, at least for a few turns
   */
  public static Pairs measure(
      String workload, int n, String peer, boolean isFirst, Duration warmup, Duration measured)
      throws Exception {
    Trial ours = new Trial(find(workload, GATHER), GATHER, n);
    try {
      Trial theirs = new Trial(find(workload, peer), peer, n);
      try {
        List<Turn> before = turns(ours, theirs, isFirst, 1, warmup);
        Turn last = before.get(before.size() - 1);
        int calls = (int) Math.ceil(TURN_NANOS / (last.nanos() + last.peerNanos()));
        List<Turn> turns = turns(ours, theirs, isFirst, calls, measured);
        return new Pairs(workload, n, peer, List.copyOf(turns));
      } finally {
        theirs.end();
      }
    } finally {
      ours.end();
    }
  }

  private static List<Turn> turns(
      Trial ours, Trial theirs, boolean isFirst, int calls, Duration time) throws Exception {
    List<Turn> turns = new ArrayList<>();
    long end = System.nanoTime() + time.toNanos();
    while (turns.size() < FEWEST_TURNS || System.nanoTime() < end) {
      boolean isOurTurn = (turns.size() % 2 == 0) == isFirst;
      Half a = half(isOurTurn ? ours : theirs, calls);
      Half b = half(isOurTurn ? theirs : ours, calls);
      Half our = isOurTurn ? a : b;
      Half their = isOurTurn ? b : a;
      turns.add(new Turn(our.nanos, our.bytes, their.nanos, their.bytes));
    }
    return turns;
  }

  private record Half(double nanos, double bytes) {}

  private static Half half(Trial trial, int calls) throws Exception {
    long bytes = Allocated.bytes();
    double nanos = trial.nanos(calls);
    return new Half(nanos / calls, (double) (Allocated.bytes() - bytes) / calls);
  }

  /** A workload may be spread over two classes, of which one needs a newer JDK. */
  private static Class<?> find(String workload, String contender) {
    for (String place : PACKAGES) {
      try {
        Class<?> found = Class.forName(place + "." + workload);
        for (var method : found.getMethods()) {
          if (method.getName().equals(contender)) {
            return found;
          }
        }
      } catch (ClassNotFoundException e) {
        continue; // not there
      }
    }
    return null;
  }
}

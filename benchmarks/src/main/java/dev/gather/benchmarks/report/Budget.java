package dev.gather.benchmarks.report;

import java.util.List;
import java.util.Map;

/**
 * How much Gather may need at most, as a part of what somebody else needs.
 *
 * @param gather the measurement that is bounded
 * @param peer the measurement that bounds it
 * @param time the greatest ratio of the times
 * @param bytes the greatest ratio of the bytes; not a number if there is none
 */
record Budget(Key gather, Key peer, double time, double bytes) {

  static Budget of(String workload, int n, String peer, double time, double bytes) {
    return new Budget(
        new Key(workload, Measurement.GATHER, n), new Key(workload, peer, n), time, bytes);
  }

  /** A line of the table of budgets. */
  String row(List<Measurement> measurements) {
    Measurement ours = gather.in(measurements);
    Measurement theirs = peer.in(measurements);
    boolean isThere = ours != null && theirs != null;
    double timeIs = isThere ? ours.nanos().median() / theirs.nanos().median() : Double.NaN;
    double bytesAre = bytesRatio(measurements);
    boolean isMissed = timeIs > time || bytesAre > bytes;
    return Markdown.row(
        Subject.of(gather.workload()).title() + ", n = " + Numbers.count(gather.n()),
        peer.n() == gather.n()
            ? peer.contender()
            : peer.contender() + ", n = " + Numbers.count(peer.n()),
        Numbers.ratio(time),
        Numbers.ratio(timeIs),
        Numbers.ratio(bytes),
        Numbers.ratio(bytesAre),
        !isThere ? "not measured" : isMissed ? "**missed**" : "met");
  }

  /** Not a number if either was not measured. */
  double bytesRatio(List<Measurement> measurements) {
    Measurement ours = gather.in(measurements);
    Measurement theirs = peer.in(measurements);
    return ours == null || theirs == null
        ? Double.NaN
        : ours.bytes().median() / theirs.bytes().median();
  }

  /** Where to find a measurement; parameters other than the number of tasks may be anything. */
  record Key(String workload, String contender, int n) {
    Measurement in(List<Measurement> measurements) {
      Map<String, String> params = Map.of("n", Integer.toString(n));
      return measurements.stream()
          .filter(m -> m.workload().equals(workload) && m.contender().equals(contender))
          .filter(m -> m.params().entrySet().containsAll(params.entrySet()))
          .findFirst()
          .orElse(null);
    }
  }
}

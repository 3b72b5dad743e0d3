package dev.gather.benchmarks.report;

import java.util.List;
import java.util.Map;

/**
 * How much Gather may need at most, as a part of what somebody else needs.
 *
 * @param work what people call it
 * @param gather the measurement that is bounded
 * @param peer the measurement that bounds it
 * @param time the greatest ratio of the times; not a number if there is none
 * @param bytes the greatest ratio of the bytes for each task; not a number if there is none
 */
record Budget(String work, Key gather, Key peer, double time, double bytes) {

  /** Where to find a measurement; parameters that are not named may be anything. */
  record Key(String workload, String contender, Map<String, String> params) {
    static Key of(String workload, String contender, int n) {
      return new Key(workload, contender, Map.of("n", Integer.toString(n)));
    }

    Measurement in(List<Measurement> measurements) {
      return measurements.stream()
          .filter(m -> m.workload().equals(workload) && m.contender().equals(contender))
          .filter(m -> m.params().entrySet().containsAll(params.entrySet()))
          .findFirst()
          .orElse(null);
    }
  }
}

package dev.gather.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.StreamSupport;

/**
 * What the iterations of one measurement gave. The middle one counts: on a machine that does
 * something else now and then a mean says little.
 *
 * @param median the middle one; of a distribution, its median
 * @param p99 of a distribution, what one of a hundred exceeds; else the same as the maximum
 */
record Samples(double median, double min, double p99, double max) {
  static final Samples NONE = new Samples(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  /** Of a metric in the JSON of JMH. */
  static Samples of(JsonNode metric, double divisor) {
    if (!metric.has("rawData") && metric.has("scorePercentiles")) {
      JsonNode percentiles = metric.path("scorePercentiles");
      return new Samples(
          percentiles.path("50.0").asDouble() / divisor,
          percentiles.path("0.0").asDouble() / divisor,
          percentiles.path("99.0").asDouble() / divisor,
          percentiles.path("100.0").asDouble() / divisor);
    }
    double[] all =
        StreamSupport.stream(metric.path("rawData").spliterator(), false)
            .flatMap(fork -> StreamSupport.stream(fork.spliterator(), false))
            .mapToDouble(value -> value.asDouble() / divisor)
            .sorted()
            .toArray();
    if (all.length == 0) {
      return NONE;
    }
    double last = all[all.length - 1];
    double median = (all[(all.length - 1) / 2] + all[all.length / 2]) / 2;
    return new Samples(median, all[0], last, last);
  }
}

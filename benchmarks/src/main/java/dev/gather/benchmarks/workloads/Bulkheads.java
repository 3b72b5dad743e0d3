package dev.gather.benchmarks.workloads;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import java.time.Duration;

/**
 * Bulkheads that promise what a limiter does: whoever comes first is first, and nobody is refused.
 */
final class Bulkheads {
  private Bulkheads() {}

  static Bulkhead of(int limit) {
    return Bulkhead.of(
        "benchmark",
        BulkheadConfig.custom()
            .maxConcurrentCalls(limit)
            .maxWaitDuration(Duration.ofDays(1))
            .fairCallHandlingStrategyEnabled(true)
            .build());
  }
}

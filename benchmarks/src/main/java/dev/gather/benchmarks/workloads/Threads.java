package dev.gather.benchmarks.workloads;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** What Java 17 does not have as {@code ExecutorService.close}. */
final class Threads {
  private Threads() {}

  static void end(ExecutorService executor) throws InterruptedException {
    executor.shutdownNow();
    if (!executor.awaitTermination(1, TimeUnit.MINUTES)) {
      throw new IllegalStateException("does not end: " + executor);
    }
  }
}

package dev.gather.benchmarks.workloads;

import dev.gather.GatherListener;
import dev.gather.Outcome;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** The least that a listener does: it counts. */
public final class CountingListener implements GatherListener {
  private final LongAdder ended = new LongAdder();

  @Override
  public void onEnd(int index, String taskName, Outcome<?> outcome, Duration elapsed) {
    ended.increment();
  }

  public long ended() {
    return ended.sum();
  }
}

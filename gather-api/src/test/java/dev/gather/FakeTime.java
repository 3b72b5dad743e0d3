package dev.gather;

import dev.gather.threads.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A time that passes when the test says so, and what was to be done at some time in it. */
final class FakeTime implements Clock {
  private record Alarm(long at, Runnable action) {}

  private final List<Alarm> alarms = new ArrayList<>();
  private long now = Long.MAX_VALUE - 5; // where the next moment is a smaller number

  /** The most that were set at the same time. */
  int most;

  /** How many have been set. */
  int set;

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public Runnable schedule(long delayNanos, Runnable action) {
    Alarm alarm = new Alarm(now + delayNanos, action);
    alarms.add(alarm);
    set++;
    most = Math.max(most, alarms.size());
    return () -> alarms.remove(alarm);
  }

  int pending() {
    return alarms.size();
  }

  void pass(long nanos) {
    long end = now + nanos;
    while (true) {
      Alarm next =
          alarms.stream()
              .filter(alarm -> alarm.at - end <= 0)
              .min(Comparator.comparingLong(alarm -> alarm.at - end))
              .orElse(null);
      if (next == null) {
        now = end;
        return;
      }
      now = next.at;
      alarms.remove(next);
      next.action.run();
    }
  }
}

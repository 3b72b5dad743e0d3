package dev.gather.benchmarks.report;

import dev.gather.benchmarks.workloads.Rounds;
import java.util.Arrays;

/** What a workload is about, and what its numbers are divided by. */
enum Subject {
  NOT_SUSPENDING("NotSuspending", "Coroutines that do not suspend (20 ns of work)", Per.COROUTINE),
  YIELDING_ONCE("YieldingOnce", "Coroutines that yield once", Per.COROUTINE),
  DELAYING("Delaying", "Coroutines that delay 10 ms", Per.COROUTINE),
  CPU_BOUND("CpuBound", "Coroutines that compute", Per.COROUTINE),
  LIMITED_SUSPENDING(
      "LimitedSuspending", "Coroutines that do not suspend, with a limit", Per.COROUTINE),
  SHORT_CALLABLES("ShortCallables", "Callables that return at once (20 ns of work)", Per.TASK),
  OTHER("", "", Per.TASK);

  private final String workload;
  private final String title;
  private final Per per;

  Subject(String workload, String title, Per per) {
    this.workload = workload;
    this.title = title;
    this.per = per;
  }

  static Subject of(String workload) {
    return Arrays.stream(values())
        .filter(subject -> subject.workload.equals(workload))
        .findFirst()
        .orElse(OTHER);
  }

  String title() {
    return title;
  }

  double divisor(int tasks) {
    return switch (per) {
      case COROUTINE -> (double) tasks * Rounds.of(tasks);
      case TASK -> tasks;
      case WHOLE -> 1;
    };
  }

  /** What a setup before each call allocates is counted as well, so that would say nothing. */
  boolean hasBytes() {
    return per != Per.WHOLE;
  }

  private enum Per {
    /** A task; the coroutine goes some rounds. */
    COROUTINE,
    TASK,
    /** A latency: that of the whole. */
    WHOLE
  }
}

package dev.gather.benchmarks.report;

import dev.gather.benchmarks.workloads.Rounds;
import java.util.Arrays;

/** What a workload is about, and what its numbers are divided by. In the order of the report. */
enum Subject {
  NOT_SUSPENDING("NotSuspending", "Coroutines that do not suspend (20 ns of work)", Per.TASK, true),
  YIELDING_ONCE("YieldingOnce", "Coroutines that yield once", Per.TASK, true),
  DELAYING("Delaying", "Coroutines that delay 10 ms", Per.TASK, false),
  CPU_BOUND("CpuBound", "Coroutines that compute", Per.TASK, true),
  LIMITED_SUSPENDING(
      "LimitedSuspending", "Coroutines that do not suspend, limited", Per.TASK, true),
  LIMITED_YIELDING("LimitedYielding", "Coroutines that yield once, limited", Per.TASK, true),
  SHORT_CALLABLES(
      "ShortCallables", "Callables that return at once (20 ns of work)", Per.TASK, false),
  CPU_BOUND_CALLABLES("CpuBoundCallables", "Callables that compute", Per.TASK, false),
  SLEEPING_CALLABLES("SleepingCallables", "Callables that sleep 1 ms", Per.TASK, false),
  LIMITED_CALLABLES("LimitedCallables", "Callables that return at once, limited", Per.TASK, false),
  AS_COMPLETED_CALLABLES(
      "AsCompletedCallables",
      "Results of callables as they come, limited (20 ns of work)",
      Per.TASK,
      false),
  AS_COMPLETED_SUSPENDING(
      "AsCompletedSuspending",
      "Results of coroutines as they come, limited (20 ns of work)",
      Per.TASK,
      true),
  LIMITER_CALLABLES(
      "LimiterCallables", "Callables under a limiter (20 ns of work)", Per.TASK, false),
  LIMITER_SUSPENDING(
      "LimiterSuspending", "Coroutines under a limiter (20 ns of work)", Per.TASK, true),
  UNCONTENDED_CALLABLES(
      "UncontendedCallables", "Permits that are there, for callables", Per.TASK, false),
  UNCONTENDED_SUSPENDING(
      "UncontendedSuspending", "Permits that are there, in a coroutine", Per.TASK, true),
  COMPLETED_FUTURES("CompletedFutures", "Futures completed already", Per.TASK, false),
  LATER_FUTURES("LaterFutures", "Futures completed later by another thread", Per.TASK, false),
  BRIDGED_CALLS("BridgedCalls", "Suspend functions called from Java", Per.TASK, false),
  SMALL_KOTLIN("SmallKotlin", "A small gather of coroutines", Per.CALL, true),
  SMALL_YIELDING("SmallYielding", "A small gather of coroutines that yield once", Per.CALL, true),
  SMALL_JAVA("SmallJava", "A small gather of callables", Per.CALL, false),
  HTTP_FAN_OUT("HttpFanOut", "HTTP requests, from Java", Per.CALL, false),
  HTTP_FAN_OUT_SUSPENDING(
      "HttpFanOutSuspending", "HTTP requests, from coroutines", Per.CALL, false),
  LAZY_INPUT("LazyInput", "Lazy input, limit 16, in a heap of 64 MB", Per.TASK, false),
  ANY_CALLABLES(
      "AnyCallables", "The first value, of callables of which one returns", Per.LATENCY, false),
  FIRST_FAILURE("FirstFailure", "From the first failure to the end of all", Per.LATENCY, false),
  CANCEL_SUSPENDED("CancelSuspended", "From a cancel to the end of all", Per.LATENCY, false),
  CANCEL_BLOCKED(
      "CancelBlocked", "From a cancel to the end of all blocked threads", Per.LATENCY, false),
  OPTIONS_SUSPENDING("OptionsSuspending", "Options: coroutines", Per.TASK, true),
  OPTIONS_CALLABLES("OptionsCallables", "Options: callables", Per.TASK, false),
  HEARTBEAT("Heartbeat", "What another coroutine waits for its turn, beside", Per.LATENCY, false),
  OTHER("", "Others", Per.CALL, false);

  private final String workload;
  private final String title;
  private final Per per;
  private final boolean inRounds;

  Subject(String workload, String title, Per per, boolean inRounds) {
    this.workload = workload;
    this.title = title;
    this.per = per;
    this.inRounds = inRounds;
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

  boolean isForEachTask() {
    return per == Per.TASK;
  }

  /** By what the numbers of one call of JMH are divided. */
  double divisor(int tasks) {
    return (isForEachTask() ? tasks : 1.0) * (inRounds ? Rounds.of(tasks) : 1);
  }

  /**
   * What is allocated before each call to prepare it is counted as well, so it would say nothing.
   */
  boolean hasBytes() {
    return per != Per.LATENCY;
  }

  private enum Per {
    TASK,
    CALL,
    /** A call that was prepared. */
    LATENCY
  }
}

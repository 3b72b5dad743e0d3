package dev.gather.benchmarks.workloads;

/**
 * How often a coroutine does the same again before it ends. Starting it from a thread and waiting
 * for it there costs more than a few tasks, and is no part of what is compared.
 */
public final class Rounds {
  private static final int ENOUGH_TASKS = 1_000;

  private Rounds() {}

  public static int of(int tasks) {
    return Math.max(1, ENOUGH_TASKS / tasks);
  }
}

package dev.gather.benchmarks.run;

/** How long one contender is measured. */
public record Effort(int forks, int warmups, int iterations, long millis) {
  /** Some 5 s. */
  public static final Effort SHORT = new Effort(1, 4, 4, 500);

  public static final Effort FULL = new Effort(2, 5, 5, 1_000);
}

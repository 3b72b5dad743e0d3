package dev.gather.benchmarks.run;

/** How long each contender is measured: forks of warm-ups and iterations of some length. */
record Effort(int forks, int warmups, int iterations, long millis) {
  static final Effort SHORT = new Effort(1, 4, 4, 400);
  static final Effort FULL = new Effort(2, 3, 4, 1_000);
}

package dev.gather.benchmarks.workloads;

import org.openjdk.jmh.infra.Blackhole;

/** Keeps a processor busy. The unit is the same for all contenders, not for all machines. */
public final class Work {
  /** About 20 ns on a processor of some 3 GHz. */
  private static final int SHORT = 14;

  /** About as many as a processor of some 3 GHz does in 1 µs. */
  private static final int TOKENS_PER_MICROSECOND = 700;

  private Work() {}

  public static Item shortly(Item item) {
    Blackhole.consumeCPU(SHORT);
    return item;
  }

  public static Item forMicros(int micros, Item item) {
    Blackhole.consumeCPU((long) micros * TOKENS_PER_MICROSECOND);
    return item;
  }

  public static Item asleep(Item item) throws InterruptedException {
    Thread.sleep(1);
    return item;
  }
}

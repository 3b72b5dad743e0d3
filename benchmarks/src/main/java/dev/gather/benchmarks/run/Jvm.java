package dev.gather.benchmarks.run;

import java.util.ArrayList;
import java.util.List;

/** The JVM that measures. */
public final class Jvm {
  private static final int VIRTUAL_THREADS = 25;

  private Jvm() {}

  public static int version() {
    return Runtime.version().feature();
  }

  /** Whether the contenders of {@code src/jdk25} are there. */
  static boolean isNewer() {
    return version() >= VIRTUAL_THREADS;
  }

  public static List<String> arguments() {
    List<String> arguments = new ArrayList<>(List.of("-Xms2g", "-Xmx2g"));
    // With one thread in the common pool, JDK 17 starts a new thread for each supplyAsync.
    int processors = Math.max(2, Runtime.getRuntime().availableProcessors());
    arguments.add("-Djava.util.concurrent.ForkJoinPool.common.parallelism=" + processors);
    if (isNewer()) {
      arguments.add("--enable-preview");
    }
    return arguments;
  }
}

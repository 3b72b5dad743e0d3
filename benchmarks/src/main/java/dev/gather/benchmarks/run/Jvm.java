package dev.gather.benchmarks.run;

import java.util.ArrayList;
import java.util.List;

/** The JVM that measures. */
public final class Jvm {
  private static final int NEWER = 25;

  private Jvm() {}

  public static int version() {
    return Runtime.version().feature();
  }

  static String[] arguments() {
    List<String> arguments = new ArrayList<>(List.of("-Xms2g", "-Xmx2g"));
    // With a single thread in the common pool supplyAsync would start a new thread for each task.
    int processors = Math.max(2, Runtime.getRuntime().availableProcessors());
    arguments.add("-Djava.util.concurrent.ForkJoinPool.common.parallelism=" + processors);
    if (version() >= NEWER) {
      arguments.add("--enable-preview");
    }
    return arguments.toArray(String[]::new);
  }
}

package dev.gather.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Threads that run something of Gather, virtual ones too, and threads of executors left behind. */
final class LiveThreads {
  /**
   * Under every body there is the engine, whoever the thread belongs to, and under what a timer or
   * a permit runs the threads of Gather; an idle thread has none of them on its stack.
   */
  private static final Pattern ENGINE =
      Pattern.compile("dev\\.gather\\.(coroutines\\.internal|threads)\\.");

  private static final String OURS = "gather";

  /** As {@code Executors} names them by default: an idle thread of the default pool is no leak. */
  private static final Pattern OF_EXECUTOR = Pattern.compile("pool-\\d+-thread-\\d+");

  private LiveThreads() {}

  static Set<Thread> platform() {
    return Thread.getAllStackTraces().keySet();
  }

  /** What each of them is doing, by the thread: by its number if it is a virtual one. */
  static Map<Object, String> running() {
    Map<Object, String> found = new HashMap<>();
    for (Map.Entry<Thread, StackTraceElement[]> thread : Thread.getAllStackTraces().entrySet()) {
      boolean isEngine =
          Arrays.stream(thread.getValue())
              .anyMatch(at -> ENGINE.matcher(at.getClassName()).lookingAt());
      if (isEngine && thread.getKey() != Thread.currentThread()) {
        found.put(
            thread.getKey(),
            "running in " + thread.getKey().getName() + ", " + top(thread.getValue()));
      }
    }
    found.putAll(Virtual.running());
    return found;
  }

  static List<String> ofExecutorsSince(Set<Thread> before) {
    List<String> found = new ArrayList<>();
    for (Thread thread : platform()) {
      if (OF_EXECUTOR.matcher(thread.getName()).matches() && !before.contains(thread)) {
        found.add("an executor that was not shut down: " + thread.getName());
      }
    }
    return found;
  }

  private static String top(StackTraceElement[] stack) {
    return Arrays.stream(stack).limit(12).map(at -> "\n    at " + at).reduce("", String::concat);
  }

  /** Virtual threads are in no list but the dump of the JVM, and only from 21 on. */
  private static final class Virtual {
    private static final boolean PRESENT = Runtime.version().feature() >= 21;
    private static final Pattern BETWEEN = Pattern.compile("\n\\s*\n");
    private static final Pattern NUMBER = Pattern.compile(" ");

    private Virtual() {}

    static Map<Object, String> running() {
      if (!PRESENT) {
        return Map.of();
      }
      Map<Object, String> found = new HashMap<>();
      for (String thread : BETWEEN.split(dump())) {
        String head = thread.strip().lines().findFirst().orElse("");
        boolean isOurs = head.contains("\"" + OURS) || ENGINE.matcher(thread).find();
        if (head.contains(" virtual") && isOurs) {
          found.put(NUMBER.split(head, 2)[0], "running in " + thread.strip());
        }
      }
      return found;
    }

    private static String dump() {
      try {
        Path folder = Files.createTempDirectory("threads");
        Path file = folder.resolve("dump.txt");
        try {
          // The classes are compiled for 17, which does not know this method.
          Class<?> type = Class.forName("com.sun.management.HotSpotDiagnosticMXBean");
          Class<?> format =
              Class.forName("com.sun.management.HotSpotDiagnosticMXBean$ThreadDumpFormat");
          Object bean =
              ManagementFactory.getPlatformMXBean(
                  type.asSubclass(java.lang.management.PlatformManagedObject.class));
          type.getMethod("dumpThreads", String.class, format)
              .invoke(bean, file.toString(), format.getField("TEXT_PLAIN").get(null));
          return Files.readString(file);
        } finally {
          Files.deleteIfExists(file);
          Files.deleteIfExists(folder);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("no dump of virtual threads", e);
      }
    }
  }
}

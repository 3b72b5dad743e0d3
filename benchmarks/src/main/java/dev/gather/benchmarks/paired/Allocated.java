package dev.gather.benchmarks.paired;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.util.Arrays;

/** What all threads of this JVM have allocated. */
final class Allocated {
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Since JDK 21; before that a thread that has ended is forgotten. */
  private static final Method TOTAL = total();

  private Allocated() {}

  static long bytes() throws ReflectiveOperationException {
    if (TOTAL != null) {
      return (long) TOTAL.invoke(THREADS);
    }
    long[] each = THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds());
    return Arrays.stream(each).filter(bytes -> bytes > 0).sum();
  }

  private static Method total() {
    try {
      return com.sun.management.ThreadMXBean.class.getMethod("getTotalThreadAllocatedBytes");
    } catch (NoSuchMethodException e) {
      return null;
    }
  }
}

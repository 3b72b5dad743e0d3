package dev.gather.testing;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * Timers in the queues of kotlinx.coroutines and the JDK that would resume something of Gather.
 * There is no public way to look into them; should their fields be renamed, the test of the leak
 * guard fails. From 25 on that of the JDK is a local variable of the thread that keeps it, and only
 * older versions tell what is left in there.
 */
public final class PendingTimers {
  private static final String OURS = "dev.gather.coroutines.internal.";

  private PendingTimers() {}

  static List<String> ofGatherSince(Set<Object> before) {
    List<String> found = new ArrayList<>();
    for (Object timer : all()) {
      if (before.contains(timer)) {
        continue; // whoever set it was told
      }
      String text = describe(timer);
      if (text.contains(OURS)) {
        found.add("a timer that is still set: " + text);
      }
    }
    return found;
  }

  /** Whether this JVM shows what is in the queue of the JDK. */
  static boolean canSeeThoseOfTheJdk() {
    return Runtime.version().feature() < 25;
  }

  /** Every timer that is set, for whomever. */
  public static List<Object> all() {
    List<Object> timers = new ArrayList<>(ofCoroutines());
    if (canSeeThoseOfTheJdk()) {
      timers.addAll(ofJdk());
    }
    return timers;
  }

  private static Collection<?> ofJdk() {
    try {
      Class<?> delayer = Class.forName("java.util.concurrent.CompletableFuture$Delayer");
      Field queue = delayer.getDeclaredField("delayer");
      queue.setAccessible(true);
      return ((ScheduledThreadPoolExecutor) queue.get(null)).getQueue();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Object> ofCoroutines() {
    Object queue;
    try {
      Class<?> executor = Class.forName("kotlinx.coroutines.DefaultExecutor");
      queue = field(executor.getField("INSTANCE").get(null), "_delayed$volatile");
    } catch (ClassNotFoundException noCoroutinesHere) {
      return List.of();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    return queue == null ? List.of() : snapshot(queue);
  }

  private static List<Object> snapshot(Object heap) {
    synchronized (heap) { // as its own methods do
      Object[] timers = (Object[]) field(heap, "a");
      return timers == null
          ? List.of()
          : Arrays.stream(timers).filter(timer -> timer != null).toList();
    }
  }

  /** A delay names what it resumes; withTimeout does not, but knows, and so do its callers. */
  private static String describe(Object timer) {
    return timer instanceof FutureTask<?> ? describeOfJdk(timer) : describeOfCoroutines(timer);
  }

  /** What will run, if the future that is going to be completed is one of our timer. */
  private static String describeOfJdk(Object timer) {
    Object at = timer;
    for (String next : List.of("callable", "task", "f", "action")) {
      if (at == null || !has(at, next)) {
        return timer.toString(); // taken from the queue meanwhile, or somebody else's
      }
      at = field(at, next);
    }
    return String.valueOf(at);
  }

  private static String describeOfCoroutines(Object timer) {
    StringBuilder text = new StringBuilder(timer.toString());
    Object at = has(timer, "block") ? field(timer, "block") : null;
    for (int depth = 0; at != null && depth < 32; depth++) {
      text.append(" < ").append(at);
      String next = has(at, "uCont") ? "uCont" : "completion";
      at = has(at, next) ? field(at, next) : null;
    }
    return text.toString();
  }

  private static boolean has(Object of, String name) {
    return find(of.getClass(), name) != null;
  }

  private static Object field(Object of, String name) {
    try {
      Field field = find(of.getClass(), name);
      if (field == null) {
        throw new IllegalStateException(of.getClass() + " has no field " + name);
      }
      field.setAccessible(true);
      return field.get(of);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Field find(Class<?> type, String name) {
    for (Class<?> at = type; at != null; at = at.getSuperclass()) {
      for (Field field : at.getDeclaredFields()) {
        if (field.getName().equals(name)) {
          return field;
        }
      }
    }
    return null;
  }
}

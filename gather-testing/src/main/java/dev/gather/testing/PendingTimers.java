package dev.gather.testing;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Timers in the queue of kotlinx.coroutines that would resume something of Gather. There is no
 * public way to look into it; should its fields be renamed, the test of the leak guard fails.
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

  /** Every timer that is set, for whomever. */
  public static List<Object> all() {
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

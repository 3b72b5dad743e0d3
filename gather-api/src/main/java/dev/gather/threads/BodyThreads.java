package dev.gather.threads;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Where bodies run unless the user says otherwise: a virtual thread for each running body on JDK 21
 * and newer, a daemon thread from a pool that grows as needed on 17.
 */
public final class BodyThreads {
  private static final String NAME = "gather";
  private static final int KEEP_SECONDS = 10;

  /**
   * Never refuses, never queues and never keeps the JVM alive, so a body may gather and join in
   * here at any depth. A lambda in both cases, so that nobody can cast it and shut it down.
   */
  public static final Executor EXECUTOR;

  /** The same, but no thread has run anything before. */
  public static final Executor FRESH;

  static {
    ThreadFactory virtual = virtualThreads();
    FRESH = task -> (virtual == null ? platformThread(task) : virtual.newThread(task)).start();
    if (virtual == null) {
      Timer.start(); // deadlines have to pass where bodies have used up all threads
      EXECUTOR = DaemonThreads.cached(NAME, KEEP_SECONDS);
    } else {
      EXECUTOR = task -> virtual.newThread(task).start();
    }
  }

  private BodyThreads() {}

  private static Thread platformThread(Runnable task) {
    Thread thread = new Thread(null, task, NAME, 0, false);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * The classes are compiled for 17, so virtual threads are looked up; null where there are none.
   */
  private static @Nullable ThreadFactory virtualThreads() {
    try {
      Class<?> builderType = Class.forName("java.lang.Thread$Builder");
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      // No number: it would cost a string for each thread, which has one of its own in every dump.
      builder = builderType.getMethod("name", String.class).invoke(builder, NAME);
      builder =
          builderType
              .getMethod("inheritInheritableThreadLocals", boolean.class)
              .invoke(builder, false);
      return (ThreadFactory) builderType.getMethod("factory").invoke(builder);
    } catch (ClassNotFoundException
        | NoSuchMethodException
        | IllegalAccessException
        | InvocationTargetException notThere) {
      return null; // 17 to 20; on 19 and 20 they exist but are switched off
    }
  }
}

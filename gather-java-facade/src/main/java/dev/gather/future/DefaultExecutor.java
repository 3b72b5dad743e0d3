package dev.gather.future;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where bodies run unless the user says otherwise: a virtual thread for each running body on JDK 21
 * and newer, a daemon thread from a pool that grows as needed on 17. It never refuses, never queues
 * and never keeps the JVM alive, so a body may gather and join in here at any depth.
 */
final class DefaultExecutor {
  private static final String NAME = "gather";

  /** A lambda in both cases, so that nobody can cast it and shut it down. */
  static final Executor INSTANCE = create();

  private DefaultExecutor() {}

  private static Executor create() {
    ThreadFactory virtual = virtualThreads();
    if (virtual != null) {
      return task -> virtual.newThread(task).start();
    }
    AtomicLong number = new AtomicLong();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              // Pooled threads outlive whoever happened to start them, so they inherit nothing.
              Thread thread =
                  new Thread(null, task, NAME + "-" + number.getAndIncrement(), 0, false);
              thread.setDaemon(true);
              thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
              return thread;
            });
    return pool::execute;
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

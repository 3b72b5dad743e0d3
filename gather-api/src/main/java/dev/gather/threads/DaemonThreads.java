package dev.gather.threads;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where Gather does what must not wait for a thread of anybody else: hears a timer, completes a
 * future on behalf of somebody, goes on where the stack is deep. Platform threads, since a virtual
 * one waits for a carrier, and bodies that pin theirs may have them all.
 */
public final class DaemonThreads {
  /**
   * Never refuses, never queues, and its threads end soon after there is nothing for them to do.
   * Where the system has no more threads, who calls it has to do it: else it would be lost. A
   * lambda, so that nobody can cast it and shut it down.
   */
  public static final Executor EXECUTOR = orHere(cached("gather-daemon", 1));

  private DaemonThreads() {}

  private static Executor orHere(Executor threads) {
    return task -> {
      try {
        threads.execute(task);
      } catch (OutOfMemoryError noThread) {
        task.run();
      }
    };
  }

  static Executor cached(String name, int keepSeconds) {
    AtomicLong number = new AtomicLong();
    ThreadFactory threads =
        task -> {
          // They outlive whoever happened to start them, so they inherit nothing.
          Thread thread = new Thread(null, task, name + "-" + number.getAndIncrement(), 0, false);
          thread.setDaemon(true);
          thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
          return thread;
        };
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, keepSeconds, TimeUnit.SECONDS, new SynchronousQueue<>(), threads);
    return pool::execute;
  }
}

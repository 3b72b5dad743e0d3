package dev.gather.threads;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Where on a thread bodies run, and the task whose body that is: gathers that are started there are
 * parts of it. A worker sets it up once and changes it with each body, which allocates nothing.
 */
public final class Station {
  /** A thread local would cost three times as much on a thread that runs a single body. */
  private static final ConcurrentMap<Thread, Station> BY_THREAD = new ConcurrentHashMap<>();

  /** Only used on its thread. */
  private @Nullable Parent task;

  private Station() {}

  /** A task, to whom gathers belong that its body starts. */
  public interface Parent {
    /**
     * Takes a gather that has not begun yet. Where the task has been cancelled, so is the gather.
     *
     * @param part the gather
     * @return what is to be told when the gather has ended
     */
    Runnable adopt(Part part);

    /** {@return what stands for the gather whose task it is, as in {@link Inside}} */
    Object owner();
  }

  /** A gather that belongs to a task. */
  public interface Part {
    /** Cancels it. */
    void cancelByOwner();

    /** {@return whether it is of no use when the body that has started it has returned} */
    boolean endsWithBody();
  }

  /**
   * The task whose body the current thread runs.
   *
   * @return the innermost; null if there is none
   */
  public static @Nullable Parent current() {
    Station here = here();
    return here == null ? null : here.task;
  }

  /** {@return that of the current thread; null if no worker runs there} */
  public static @Nullable Station here() {
    return BY_THREAD.isEmpty() ? null : BY_THREAD.get(Thread.currentThread());
  }

  /**
   * Runs a worker on the current thread.
   *
   * @param worker runs bodies, each {@link #at} its station
   */
  public static void around(Runnable worker) {
    Thread thread = Thread.currentThread();
    if (BY_THREAD.putIfAbsent(thread, new Station()) != null) {
      worker.run(); // inside of a body
      return;
    }
    try {
      worker.run();
    } finally {
      BY_THREAD.remove(thread);
    }
  }

  /**
   * What runs on the thread is the body of this task now.
   *
   * @param task null for none
   * @return what ran there before, to be put back
   */
  public @Nullable Parent at(@Nullable Parent task) {
    Parent before = this.task;
    this.task = task;
    return before;
  }
}

package dev.gather.threads;

import org.jspecify.annotations.Nullable;

/**
 * Where on a thread bodies run, and the task whose body that is: gathers that are started there are
 * parts of it. A worker sets it up once and changes it with each body, which allocates nothing.
 */
public final class Station {
  private static final ThreadLocal<Station> HERE = new ThreadLocal<>();

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
    Station here = HERE.get();
    return here == null ? null : here.task;
  }

  /**
   * Runs a worker on the current thread.
   *
   * @param worker runs bodies, each {@link #at} this station
   */
  public static void around(Runnable worker) {
    if (HERE.get() != null) {
      worker.run(); // inside of a body
      return;
    }
    HERE.set(new Station());
    try {
      worker.run();
    } finally {
      HERE.remove(); // it may be the thread of somebody else
    }
  }

  /**
   * What runs on the current thread is the body of this task now.
   *
   * @param task null for none
   * @return what ran there before, to be put back
   */
  public static @Nullable Parent at(@Nullable Parent task) {
    Station here = HERE.get();
    if (here == null) {
      return null;
    }
    Parent before = here.task;
    here.task = task;
    return before;
  }
}

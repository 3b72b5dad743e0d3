package dev.gather.threads;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Where on a thread bodies run, and the task whose body that is: gathers that are started there are
 * parts of it. Whoever runs bodies writes it down with each of them, which allocates nothing.
 *
 * <p>A station is an array, of the task and of {@link #NAME_BEFORE}, since some stay on threads
 * that outlive Gather, and so must not keep its classes; only its thread uses it.
 */
public final class Station {
  /** Where a station has what its thread was called before it got the name of what it runs. */
  public static final int NAME_BEFORE = 1;

  private static final int SIZE = 2;

  /** A thread local would cost three times as much on a thread that runs a single body. */
  private static final ConcurrentMap<Thread, @Nullable Object[]> OF_WORKERS =
      new ConcurrentHashMap<>();

  /** Coroutines come and go on a thread, and nobody knows which is the last. */
  private static final ThreadLocal<@Nullable Object @Nullable []> OF_COROUTINES =
      new ThreadLocal<>();

  /** Of a gather that is nobody's part. */
  public static final Membership NOBODYS = () -> null;

  private Station() {}

  /** A task, to whom gathers belong that its body starts. */
  public interface Parent {
    /**
     * Takes a gather that has not begun yet. Where the task has been cancelled, so is the gather.
     *
     * @param part the gather
     * @return what is to be told when the gather has ended
     */
    Membership adopt(Part part);

    /**
     * {@return the same, for whoever is to adopt something later or on another thread, when the
     * body may be over}
     */
    Parent lasting();

    /**
     * {@return what stands for the gather whose task it is, or for one around that, as in {@link
     * Inside}; null if nobody has to know}
     */
    @Nullable Object owner();

    /**
     * {@return what the context of a coroutine puts into its thread, for code that runs for it on
     * others; null for nothing}
     */
    default @Nullable BodyContext ofCoroutine() {
      return null;
    }
  }

  /** A coroutine that ends after what its body has started, which is cancelled with it. */
  public interface Body {
    /** {@return whether the body has returned, though what was launched in it may go on} */
    boolean isBodyOver();

    /**
     * Takes what was started in the body, or in a coroutine that the body has launched.
     *
     * @param part what was started
     * @return what is to be told when that has ended
     */
    Membership adopt(Part part);
  }

  /** A gather, or a call of the bridge, that belongs to a task. */
  public interface Part {
    /** Cancels it. */
    void cancelByOwner();

    /** {@return whether it is of no use when the body that has started it has returned} */
    boolean endsWithBody();

    /** {@return whether it has ended, and who waits for its result finds that there} */
    boolean isOver();
  }

  /** That a gather belongs to a task. */
  public interface Membership {
    /**
     * The gather has ended.
     *
     * @return what follows from that, which may run code of anybody; null for nothing
     */
    @Nullable Runnable end();
  }

  /**
   * The task whose body the current thread runs.
   *
   * @return the innermost; null if there is none
   */
  public static @Nullable Parent current() {
    @Nullable Object[] here = here();
    return here == null ? null : (Parent) here[0];
  }

  /** {@return that of the current thread; null if nothing has run there} */
  public static @Nullable Object @Nullable [] here() {
    @Nullable Object[] here = ofWorker();
    return here == null ? OF_COROUTINES.get() : here;
  }

  private static @Nullable Object @Nullable [] ofWorker() {
    return OF_WORKERS.isEmpty() ? null : OF_WORKERS.get(Thread.currentThread());
  }

  /** {@return that of the current thread, for one that runs coroutines; the same on each call} */
  public static @Nullable Object[] open() {
    @Nullable Object[] here = here();
    if (here == null) {
      here = new Object[SIZE];
      OF_COROUTINES.set(here);
    }
    return here;
  }

  /**
   * Runs a worker on the current thread, which has a station meanwhile.
   *
   * @param worker runs bodies, each {@link #at} the station
   */
  public static void around(Runnable worker) {
    Thread thread = Thread.currentThread();
    if (OF_WORKERS.putIfAbsent(thread, new Object[SIZE]) != null) {
      worker.run(); // inside of a body
      return;
    }
    try {
      worker.run();
    } finally {
      OF_WORKERS.remove(thread);
    }
  }

  /**
   * A coroutine of this task goes on, on the current thread.
   *
   * @param now the task
   * @return what {@link #leave} needs, on the same thread
   */
  public static Object enter(Parent now) {
    @Nullable Object[] here = open();
    Object before = at(here, now);
    return before == null ? here : new Entered(here, before);
  }

  /**
   * It does not go on any further there.
   *
   * @param entered what {@link #enter} has returned
   */
  public static void leave(Object entered) {
    if (entered instanceof Entered inside) {
      at(inside.station, inside.before);
    } else {
      at((@Nullable Object[]) entered, null);
    }
  }

  /** Inside of another body; mostly there is none, and the station says all. */
  private static final class Entered {
    private final @Nullable Object[] station;
    private final Object before;

    Entered(@Nullable Object[] station, Object before) {
      this.station = station;
      this.before = before;
    }
  }

  /**
   * What the current thread runs is the body of this task now.
   *
   * @param station that of the thread
   * @param now a {@link Parent}, or what was there before it; null for nothing of a task
   * @return what was there before, to be put back
   */
  public static @Nullable Object at(@Nullable Object[] station, @Nullable Object now) {
    Object before = station[0];
    station[0] = now;
    return before;
  }
}

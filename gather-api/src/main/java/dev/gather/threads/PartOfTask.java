package dev.gather.threads;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** That something belongs to the task, or the call of the bridge, whose body has started it. */
public final class PartOfTask {
  private final Station.Part part;

  /** What stands for the gather of that task, which may not wait for the part and end before it. */
  private final WeakReference<@Nullable Object> outer;

  private volatile Station.@Nullable Membership membership;

  /** Perhaps before it has entered. */
  private volatile boolean hasLeft;

  /**
   * It does not belong to it yet.
   *
   * @param part what has been started
   * @param task what the thread is in
   */
  public PartOfTask(Station.Part part, Station.Parent task) {
    this.part = part;
    this.outer = new WeakReference<>(task.owner());
  }

  /**
   * Not before the part leads here: the task may cancel it at once.
   *
   * @param task the same
   */
  public void enter(Station.Parent task) {
    membership = task.adopt(part);
    if (hasLeft) {
      leave();
    }
  }

  /** {@return what stands for the gather of the task, as far as that is still there} */
  public List<Object> around() {
    Object here = outer.get();
    return here == null ? List.of() : List.of(here);
  }

  /** The task need not wait for it any longer; what comes of that may take its time. */
  public void leave() {
    hasLeft = true;
    Station.Membership left = membership;
    if (left == null) {
      return;
    }
    membership = null;
    Runnable following = left.end();
    if (following != null) {
      DaemonThreads.EXECUTOR.execute(following);
    }
  }

  /**
   * It has been cancelled, and the task waits for it no longer than so.
   *
   * @param end of the part
   * @param grace how long
   */
  public void leaveAfter(CompletableFuture<@Nullable Void> end, Duration grace) {
    Timer.scheduleUnlessDone(end, TimeUnit.NANOSECONDS.convert(grace), this::leave);
  }
}

package dev.gather.future;

import dev.gather.threads.DaemonThreads;
import dev.gather.threads.Station;
import dev.gather.threads.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** That a run is a part of the task whose body has started it. */
final class PartOfTask {
  private final Owned run;

  /** What stands for the gather of that task. */
  private final @Nullable Object outer;

  private volatile Station.@Nullable Membership membership;

  /** Perhaps before it has entered. */
  private volatile boolean hasLeft;

  PartOfTask(Owned run, Station.Parent task) {
    this.run = run;
    this.outer = task.owner();
  }

  /** Not before the run leads here: the task may cancel it at once. */
  void enter(Station.Parent task) {
    membership = task.adopt(run);
    if (hasLeft) {
      leave();
    }
  }

  @Nullable Object outer() {
    return outer;
  }

  /** The task need not wait for it any longer; what comes of that may take its time. */
  void leave() {
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

  /** The run has been cancelled: the task waits for it as long as whoever closes a scope would. */
  void leaveAfterGrace() {
    Duration grace = run.grace();
    if (grace != null) {
      Timer.scheduleUnlessDone(
          run.terminatedFuture(), TimeUnit.NANOSECONDS.convert(grace), this::leave);
    }
  }
}

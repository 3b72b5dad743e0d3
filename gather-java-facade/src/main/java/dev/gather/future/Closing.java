package dev.gather.future;

import dev.gather.spi.Owned;
import dev.gather.spi.Surrounded;
import dev.gather.threads.Inside;
import dev.gather.threads.Station;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A thread that closes something waits for the end of a run, or of a call of the bridge. It may be
 * inside code of another run, which so waits as well; where that leads back to the thread itself it
 * does not wait, since it would do so for ever.
 */
final class Closing {
  /** All that wait now; guarded by itself, as is everything that is looked up in here. */
  private static final List<Closing> WAITING = new ArrayList<>();

  private final Thread thread = Thread.currentThread();
  private final List<Object> surroundings = surroundings();
  private final Object awaited;

  private Closing(Object awaited) {
    this.awaited = awaited;
  }

  /** What this thread is inside of, and the gathers that those are parts of. */
  static List<Object> surroundings() {
    List<Object> found = new ArrayList<>(Inside.owners());
    Station.Parent task = Station.current();
    Object owner = task == null ? null : task.owner();
    if (owner != null) {
      found.add(owner);
    }
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i) instanceof Surrounded part) {
        part.around().stream().filter(outer -> !found.contains(outer)).forEach(found::add);
      }
    }
    return found;
  }

  static void await(Owned run, @Nullable Duration atMost) {
    await(run, run.terminatedFuture(), atMost);
  }

  /** Waits for the end of a run that has been cancelled, unless that waits for the caller. */
  static void await(Object run, CompletableFuture<@Nullable Void> end, @Nullable Duration atMost) {
    Closing closing = new Closing(run);
    synchronized (WAITING) { // no user code in here
      if (closing.leadsBack(run, new ArrayList<>())) {
        return;
      }
      WAITING.add(closing);
    }
    try {
      Termination.await(end, atMost);
    } finally {
      synchronized (WAITING) {
        WAITING.remove(closing);
      }
    }
  }

  /** Whether a run waits, perhaps through others, for the code that this thread is inside of. */
  private boolean leadsBack(Object run, List<Object> seen) {
    if (isInside(run)) {
      return true;
    }
    if (seen.contains(run)) {
      return false;
    }
    seen.add(run);
    for (Closing other : WAITING) {
      if (other.isInside(run) && leadsBack(other.awaited, seen)) {
        return true;
      }
    }
    return false;
  }

  private boolean isInside(Object run) {
    return surroundings.contains(run) || run instanceof Owned owned && owned.isOn(thread);
  }
}

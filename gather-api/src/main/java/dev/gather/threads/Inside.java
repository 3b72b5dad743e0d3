package dev.gather.threads;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a thread is inside of, besides bodies: code of users that a gather calls, its listener, a
 * hook, a subscriber. Whoever waits for a gather has to know, since it does not end before that
 * code has returned.
 */
public final class Inside {
  private static final ThreadLocal<Inside> HERE = new ThreadLocal<>();

  private final Object owner;
  private final @Nullable Inside outer;

  private Inside(Object owner, @Nullable Inside outer) {
    this.owner = owner;
    this.outer = outer;
  }

  /**
   * Runs code of a user on behalf of a gather. It is the work of nobody who holds permits here.
   *
   * @param owner what stands for the gather
   * @param action the code
   */
  public static void run(Object owner, Runnable action) {
    runHolding(owner, () -> HeldPermits.without(action));
  }

  /**
   * The same, for code that may borrow the permits which this thread holds.
   *
   * @param owner what stands for the gather
   * @param action the code
   */
  public static void runHolding(Object owner, Runnable action) {
    Inside before = HERE.get();
    HERE.set(new Inside(owner, before));
    @Nullable Object[] station = Station.here();
    Object task = station == null ? null : Station.at(station, null);
    try {
      action.run();
    } finally {
      if (station != null) {
        Station.at(station, task);
      }
      if (before == null) {
        HERE.remove();
      } else {
        HERE.set(before);
      }
    }
  }

  /**
   * What the current thread is inside of, the innermost first.
   *
   * @return what stands for the gathers; mostly empty
   */
  public static List<Object> owners() {
    Inside at = HERE.get();
    if (at == null) {
      return List.of();
    }
    List<Object> owners = new ArrayList<>();
    for (; at != null; at = at.outer) {
      owners.add(at.owner);
    }
    return owners;
  }
}

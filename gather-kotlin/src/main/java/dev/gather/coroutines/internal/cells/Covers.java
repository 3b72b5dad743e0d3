package dev.gather.coroutines.internal.cells;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Bodies that run inside of something else on the same thread, because an executor runs what it is
 * given on the spot: inside a body of another gather, or on the thread of a caller. While they do,
 * what is below is covered: an interrupt for a body down there waits, and an interrupt that the
 * thread had before is put aside. Both arrive when the cover is taken away.
 *
 * <p>Only such threads are in here; for others this costs a look into an empty map when something
 * is interrupted.
 */
public final class Covers {
  /*
   * Of one thread, from below: what it was inside of, then covers, each with the bodies on top of it.
   *
   *            around                 entered
   *   plain ───────────► cover [] ◄─────────────► cover [body] ── around ──► cover [body], cover [] …
   *         ◄─────────── (the action     left                  ◄──────────
   *          over)
   *
   * interrupt(body): covered ──► remembered by the lowest cover above it ── that goes ──► sent
   *                  on top  ──► sent
   */

  private static final ConcurrentMap<Thread, Deque<Cover>> BY_THREAD = new ConcurrentHashMap<>();

  private Covers() {}

  /** Runs an action on the current thread, with all that the thread is inside of covered. */
  public static void around(Runnable action) {
    Thread here = Thread.currentThread();
    Cover cover = new Cover();
    BY_THREAD.compute(
        here,
        (thread, covers) -> {
          Deque<Cover> all = covers == null ? new ArrayDeque<>(2) : covers;
          cover.interruptBelow = Thread.interrupted(); // nobody interrupts meanwhile
          all.push(cover);
          return all;
        });
    try {
      action.run();
    } finally {
      BY_THREAD.compute(
          here,
          (thread, covers) -> {
            covers.pop();
            if (cover.interruptBelow) {
              here.interrupt();
            }
            return covers.isEmpty() ? null : covers;
          });
    }
  }

  /** Interrupts a thread on behalf of a body, or has that done when the body is on top again. */
  static void interrupt(Thread thread, InterruptCell body) {
    BY_THREAD.compute(
        thread,
        (key, covers) -> {
          Cover above = covers == null ? null : lowestAbove(covers, body);
          if (above == null) {
            thread.interrupt();
          } else {
            above.interruptBelow = true;
          }
          return covers;
        });
  }

  /** The cover that lies on a body; null if none does. */
  private static @Nullable Cover lowestAbove(Deque<Cover> covers, InterruptCell body) {
    Cover above = null;
    for (Cover cover : covers) { // from the top
      if (cover.bodies.contains(body)) {
        return above;
      }
      above = cover;
    }
    return above;
  }

  /** A body begins on the current thread. */
  static void entered(InterruptCell body) {
    change(cover -> cover.bodies.push(body));
  }

  /** The last body that began on the current thread and has not ended, ends. */
  static void left() {
    change(cover -> cover.bodies.pop());
  }

  /** The current thread has been interrupted by somebody else, for whoever is below. */
  static void keepInterrupt() {
    change(cover -> cover.interruptBelow = true);
  }

  private static void change(Consumer<Cover> step) {
    if (!BY_THREAD.isEmpty()) {
      BY_THREAD.computeIfPresent(
          Thread.currentThread(),
          (thread, covers) -> {
            step.accept(covers.element());
            return covers;
          });
    }
  }

  private static final class Cover {
    /** Those that run on top of it. */
    final Deque<InterruptCell> bodies = new ArrayDeque<>(1);

    boolean interruptBelow;
  }
}

package dev.gather.coroutines.internal.cells;

import dev.gather.CancelReason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** What has been decided about a gather while its tasks run. Each decision is taken once. */
public class Verdict {
  /*
   *   stop:     null ── tryStop(reason) ──► reason (for good)
   *
   *   failure:  null ── tryFail ──► of a task ── tryFail of the JVM ──► of the JVM (for good)
   *               └────────────── tryFail of the JVM ──────────────────►┘
   */

  private static final VarHandle STOP;
  private static final VarHandle FAILURE;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STOP = lookup.findVarHandle(Verdict.class, "stop", CancelReason.class);
      FAILURE = lookup.findVarHandle(Verdict.class, "failure", FirstFailure.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile @Nullable CancelReason stop;
  private volatile @Nullable FirstFailure failure;

  /** Why no further task starts; null while they do. */
  public final @Nullable CancelReason stop() {
    return stop;
  }

  /** The first reason wins. */
  public final boolean tryStop(CancelReason reason) {
    return STOP.compareAndSet(this, null, reason);
  }

  /** The failure that came first in time; null while there is none. */
  public final @Nullable FirstFailure failure() {
    return failure;
  }

  /** The first failure wins; but an error of the JVM itself replaces one of a task. */
  public final boolean tryFail(FirstFailure candidate) {
    FirstFailure seen = (FirstFailure) FAILURE.compareAndExchange(this, null, candidate);
    while (seen != null && candidate.isOfJvm() && !seen.isOfJvm()) {
      FirstFailure witness = (FirstFailure) FAILURE.compareAndExchange(this, seen, candidate);
      if (witness == seen) {
        return true;
      }
      seen = witness;
    }
    return seen == null;
  }

  /**
   * The failure that decides a gather.
   *
   * @param index the task; -1 for the input itself
   * @param name the task's name, if any
   * @param cause the exception, the same instance
   * @param fatal whether it fails the gather in every mode: the input broke, or the JVM did, or a
   *     task was left by what belongs to a scope further out
   */
  public record FirstFailure(int index, @Nullable String name, Throwable cause, boolean fatal) {
    boolean isOfJvm() {
      return fatal && index >= 0 && !(cause instanceof CancellationException);
    }
  }
}

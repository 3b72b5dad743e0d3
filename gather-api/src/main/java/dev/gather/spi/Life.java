package dev.gather.spi;

import dev.gather.Progress;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a future of Gather, and every stage derived from it, is the handle to: a gather, or a
 * coroutine that the bridge runs.
 */
public interface Life {
  /**
   * Somebody other than this is about to complete one of its futures. Runs no user code.
   *
   * @return whether that cancels it: then {@link #cancelAll} must follow, once the future is done
   */
  boolean requestCancel();

  /** Completes its own future and reaches what is running. */
  void cancelAll();

  /** Reaches what is still running, although its own future is done. */
  void cancelTasks();

  /**
   * Whether this is its own future and not one derived from that.
   *
   * @param future one of both
   * @return whether it is
   */
  boolean isRoot(CompletableFuture<?> future);

  /** {@return whether the calling thread is inside code of a user that this has called} */
  boolean isInside();

  /**
   * Runs what runs dependents, on a thread that may have held anything.
   *
   * @param action what to run
   */
  void asCaller(Runnable action);

  /** Waits a moment for code of users that a cancel has called. */
  void awaitHooks();

  /** {@return completes when nothing is running any more; the same at each call} */
  CompletableFuture<@Nullable Void> terminatedFuture();

  /** {@return how far it is} */
  Progress progress();

  /**
   * Describes it to people.
   *
   * @param state that of the future
   * @return a line of text
   */
  String describe(String state);
}

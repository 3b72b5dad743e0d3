package dev.gather.spi;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One task in one place, as the facade describes it to the engine. */
public interface Work {
  /** What {@link #call()} does and returns. */
  enum Kind {
    /** Runs the body and returns its value; interrupted when the task is cancelled. */
    BLOCKING,
    /** Starts something and returns its stage; that is cancelled when the task is. */
    ASYNC,
    /** Returns a stage that has been running already: needs no thread and no permit. */
    STARTED
  }

  /** How {@link #call()} is to be taken. */
  Kind kind();

  /** The value of a blocking body, or the stage of the others. */
  @Nullable Object call() throws Exception;

  /**
   * What this is apart from its place: works of which this is the same object are one task, which
   * runs once.
   */
  default Object identity() {
    return this;
  }

  /** The name given by the user, if any. */
  default @Nullable String name() {
    return null;
  }

  /** Whether the user has given that to the task itself, and not to its place. */
  default boolean isNamed() {
    return false;
  }

  /** This task's own bound on its running time, if any; it replaces that of the options. */
  default @Nullable Duration timeout() {
    return null;
  }

  /** Whether a failure of this task is to be given to {@link #recover}. */
  default boolean recovers() {
    return false;
  }

  /**
   * The value in place of a failure. It is not asked if the gather is over, and not for an error
   * that is fatal.
   */
  default @Nullable Object recover(Throwable failure) throws Exception {
    throw new UnsupportedOperationException();
  }

  /** Whether {@link #onCancel} does anything. */
  default boolean hasHook() {
    return false;
  }

  /** Called once if the task is cancelled while it runs. */
  default void onCancel() throws Exception {}

  /** Whether its stage belongs to somebody else: the end of the task leaves it alone. */
  default boolean isShared() {
    return false;
  }

  /**
   * When everything behind a stage has ended: the stage itself, unless it is the future of another
   * gather, which is done before its tasks have ended when it is cancelled.
   */
  default CompletionStage<?> terminated(CompletionStage<?> stage) {
    return stage;
  }
}

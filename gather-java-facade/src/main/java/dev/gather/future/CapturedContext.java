package dev.gather.future;

import dev.gather.spi.CallerContext;
import dev.gather.threads.BodyContext;
import dev.gather.threads.Station;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import org.jspecify.annotations.Nullable;

/**
 * Carries what the caller's thread holds to all code of the user that runs in a gather: its context
 * class loader, and its thread locals (MDC, spans, request attributes: whatever is registered with
 * context-propagation) if that library is there. What the caller has not set is not set there.
 */
final class CapturedContext {
  private static final boolean PRESENT = isPresent();

  private CapturedContext() {}

  /**
   * What the calling thread holds now.
   *
   * @param scope where that belongs to a coroutine, what the coroutine has is there as well; null
   *     for the coroutine that the thread runs, if it runs any
   */
  static CallerContext ofCaller(@Nullable GatherScope scope) {
    Station.Parent owner = scope == null ? null : scope.owner();
    Station.Parent task = owner == null ? Station.current() : owner;
    return new CallerContext(
        PRESENT ? Capture.now() : null, task == null ? null : task.ofCoroutine());
  }

  private static boolean isPresent() {
    try {
      Class.forName(
          "io.micrometer.context.ContextSnapshotFactory",
          false,
          CapturedContext.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError notThere) {
      return false;
    }
  }

  /** Apart, so that the library's classes are only looked for where they are. */
  private static final class Capture {
    private static final ContextSnapshotFactory FACTORY =
        ContextSnapshotFactory.builder().clearMissing(true).build();

    static BodyContext now() {
      ContextSnapshot snapshot = FACTORY.captureAll();
      return () -> snapshot.setThreadLocals()::close;
    }
  }
}

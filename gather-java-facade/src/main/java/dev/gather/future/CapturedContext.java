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
   * What the calling thread holds now. Where it runs a coroutine, that has put its own there
   * already, so that what the thread has counts; a thread that runs none has nothing of the
   * coroutine that a scope belongs to.
   *
   * @param scope where that belongs to a coroutine, what the coroutine has is there as well; or
   *     null
   */
  static CallerContext ofCaller(@Nullable GatherScope scope) {
    BodyContext locals = PRESENT ? Capture.now() : null;
    BodyContext ofOwner = ofCoroutine(scope == null ? null : scope.owner());
    BodyContext ofThread = ofCoroutine(Station.current());
    BodyContext ofBoth = BodyContext.both(ofOwner, ofThread);
    return new CallerContext(
        ofThread == null ? BodyContext.both(locals, ofOwner) : BodyContext.both(ofBoth, locals),
        ofBoth);
  }

  private static @Nullable BodyContext ofCoroutine(Station.@Nullable Parent task) {
    return task == null ? null : task.ofCoroutine();
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

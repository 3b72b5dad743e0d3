package dev.gather.future;

import dev.gather.spi.BodyContext;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import org.jspecify.annotations.Nullable;

/**
 * Carries the caller's thread locals (MDC, spans, request attributes: whatever is registered with
 * context-propagation) to the bodies, if that library is there.
 */
final class CapturedContext {
  private static final boolean PRESENT = isPresent();

  private CapturedContext() {}

  /** What the calling thread holds now; null without the library. */
  static @Nullable BodyContext ofCaller() {
    return PRESENT ? Capture.now() : null;
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
    private static final ContextSnapshotFactory FACTORY = ContextSnapshotFactory.builder().build();

    static BodyContext now() {
      ContextSnapshot snapshot = FACTORY.captureAll();
      return () -> snapshot.setThreadLocals()::close;
    }
  }
}

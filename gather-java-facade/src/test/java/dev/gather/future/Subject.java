package dev.gather.future;

import dev.gather.GatherException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A future in a state of the test's choice: the JDK's own, or one of Gather. */
final class Subject {
  static final IllegalStateException BOOM = new IllegalStateException("boom");

  enum State {
    PENDING,
    VALUE,
    NULL,
    FAILED,
    CANCELLED
  }

  /** What the gather waits for; the future itself if it is the JDK's. */
  final CompletableFuture<String> source;

  final CompletableFuture<String> future;

  private Subject(CompletableFuture<String> source, CompletableFuture<String> future) {
    this.source = source;
    this.future = future;
  }

  static Subject plain(State state) {
    CompletableFuture<String> future = new CompletableFuture<>();
    return new Subject(future, future).end(state);
  }

  static Subject gather(State state) {
    CompletableFuture<String> source = new CompletableFuture<>();
    Task<String> task = Task.started(source);
    GatherFuture<String> future = Gather.of(task).combine(results -> results.get(task));
    return new Subject(source, future).end(state);
  }

  GatherFuture<String> gathered() {
    return (GatherFuture<String>) future;
  }

  Subject end(State state) {
    switch (state) {
      case PENDING -> {}
      case VALUE -> source.complete("value");
      case NULL -> source.complete(null);
      case FAILED -> {
        // A gather fails with this kind of exception, so its dependents see what these see.
        boolean isPlain = source == future;
        source.completeExceptionally(
            isPlain ? new GatherException("failed", BOOM, 0, null, List.of()) : BOOM);
      }
      case CANCELLED -> future.cancel(true);
      default -> throw new AssertionError(state);
    }
    return this;
  }
}

package dev.gather.samples.retries;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

// region attempts
/** Attempts of one run of one task, up to the one that is under way when they are stopped. */
final class Attempts<T> implements Supplier<CompletionStage<T>> {
  private final Supplier<CompletableFuture<T>> attempt;
  private volatile CompletableFuture<T> running;
  private volatile boolean stopped;

  Attempts(Supplier<CompletableFuture<T>> attempt) {
    this.attempt = attempt;
  }

  @Override
  public CompletionStage<T> get() {
    if (stopped) {
      return CompletableFuture.failedFuture(new CancellationException());
    }
    CompletableFuture<T> next = attempt.get();
    running = next;
    if (stopped) {
      next.cancel(true); // stop() was too early to see it
    }
    return next;
  }

  void stop() {
    stopped = true;
    CompletableFuture<T> last = running;
    if (last != null) {
      last.cancel(true);
    }
  }
}
// endregion

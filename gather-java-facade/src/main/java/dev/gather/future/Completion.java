package dev.gather.future;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What {@link GatherFuture#completeAsync} runs, marked as the JDK marks its own. */
record Completion<R extends @Nullable Object>(
    GatherFuture<R> future, Supplier<? extends R> supplier)
    implements Runnable, CompletableFuture.AsynchronousCompletionTask {
  @Override
  public void run() {
    if (future.isDone()) {
      return;
    }
    R value;
    try {
      value = supplier.get();
    } catch (Throwable e) {
      future.completeExceptionally(
          e instanceof CompletionException ? e : new CompletionException(e)); // as the JDK does
      return;
    }
    future.complete(value);
  }
}

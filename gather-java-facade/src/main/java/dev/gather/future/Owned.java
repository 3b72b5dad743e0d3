package dev.gather.future;

import dev.gather.threads.Station;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One run, as its {@link GatherScope} sees it. */
interface Owned extends Station.Part {
  /** Cancels it, or what a failure has left running. */
  @Override
  void cancelByOwner();

  @Override
  default boolean endsWithBody() {
    return false;
  }

  /** Whether a thread is running one of its bodies, or reading its input. */
  boolean isOn(Thread thread);

  /** The gather whose body has started it; null if it belongs to none. */
  @Nullable Object outer();

  /** How long to wait for its end once it is cancelled; null for as long as that takes. */
  @Nullable Duration grace();

  /** Completes when no task is running any more. */
  CompletableFuture<@Nullable Void> terminatedFuture();
}

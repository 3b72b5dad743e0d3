package dev.gather.future;

import dev.gather.spi.Surrounded;
import dev.gather.threads.PartOfTask;
import dev.gather.threads.Station;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One run, as its {@link GatherScope} sees it. */
interface Owned extends Station.Part, Surrounded {
  /** Cancels it, or what a failure has left running. */
  @Override
  void cancelByOwner();

  @Override
  default boolean endsWithBody() {
    return false;
  }

  /** Whether a thread is running one of its bodies, or reading its input. */
  boolean isOn(Thread thread);

  /** That the body of a task has started it; null if none has. */
  @Nullable PartOfTask part();

  @Override
  default List<Object> around() {
    PartOfTask part = part();
    return part == null ? List.of() : part.around();
  }

  /** How long to wait for its end once it is cancelled; null for as long as that takes. */
  @Nullable Duration grace();

  /** Completes when no task is running any more. */
  CompletableFuture<@Nullable Void> terminatedFuture();
}

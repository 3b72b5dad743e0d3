package dev.gather.spi;

import dev.gather.threads.PartOfTask;
import dev.gather.threads.Station;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One run, or the coroutines that the bridge runs, as the {@code GatherScope} of it sees it. */
public interface Owned extends Station.Part, Surrounded {
  /** Cancels it, or what a failure has left running. */
  @Override
  void cancelByOwner();

  @Override
  default boolean endsWithBody() {
    return false;
  }

  /** {@return whether it is there for what may come, and nothing of it runs} */
  default boolean isIdle() {
    return false;
  }

  /**
   * Whether a thread is running one of its bodies, or reading its input.
   *
   * @param thread which
   * @return whether it is
   */
  boolean isOn(Thread thread);

  /** {@return that the body of a task has started it; null if none has} */
  @Nullable PartOfTask part();

  @Override
  default List<Object> around() {
    PartOfTask part = part();
    return part == null ? List.of() : part.around();
  }

  /** {@return how long to wait for its end once it is cancelled; null for as long as that takes} */
  @Nullable Duration grace();

  /** {@return completes when no task is running any more} */
  CompletableFuture<@Nullable Void> terminatedFuture();
}

package dev.gather.future;

import dev.gather.spi.Release;
import dev.gather.spi.Work;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives a value that nobody gets to the hook of its task, and to that of its gather. */
final class Releases implements Release {
  private final List<? extends Work> works;
  private final List<Task<?>> tasks;
  private final @Nullable ItemAction<Object> ofAll;

  private Releases(
      List<? extends Work> works, List<Task<?>> tasks, @Nullable ItemAction<Object> ofAll) {
    this.works = works;
    this.tasks = tasks;
    this.ofAll = ofAll;
  }

  /** Null where there is no hook at all. */
  static @Nullable Release of(
      Iterable<? extends Work> works, List<Task<?>> tasks, @Nullable ItemAction<Object> ofAll) {
    boolean isAnyOwn = false;
    for (Task<?> task : tasks) {
      isAnyOwn = isAnyOwn || task.release() != null;
    }
    if (!isAnyOwn && ofAll == null) {
      return null;
    }
    return new Releases(
        works instanceof List<? extends Work> list ? list : List.of(), tasks, ofAll);
  }

  static ItemAction<Object> both(@Nullable ItemAction<Object> first, ItemAction<Object> second) {
    if (first == null) {
      return second;
    }
    return value -> {
      try {
        first.call(value);
      } finally {
        second.call(value);
      }
    };
  }

  @Override
  public @Nullable Hook of(int index) {
    if (index < works.size() && works.get(index).isShared()) {
      return null;
    }
    ItemAction<Object> own = index < tasks.size() ? tasks.get(index).release() : null;
    ItemAction<Object> hook = ofAll == null ? own : both(own, ofAll);
    return hook == null ? null : hook::call;
  }
}

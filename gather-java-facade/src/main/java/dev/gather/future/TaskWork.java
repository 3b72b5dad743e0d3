package dev.gather.future;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a {@link Task} describes. It is immutable; each change gives another one. */
class TaskWork extends StageWork {
  private final Kind kind;
  private final Callable<?> body;
  private final @Nullable String name;
  private final @Nullable Duration timeout;
  private final @Nullable Runnable onCancel;
  private final @Nullable Function<? super Throwable, ?> recovery;
  private final boolean isShared;
  private final @Nullable ItemAction<Object> release;

  TaskWork(Kind kind, Callable<?> body) {
    this(kind, body, null, null, null, null, false, null);
  }

  private TaskWork(
      Kind kind,
      Callable<?> body,
      @Nullable String name,
      @Nullable Duration timeout,
      @Nullable Runnable onCancel,
      @Nullable Function<? super Throwable, ?> recovery,
      boolean isShared,
      @Nullable ItemAction<Object> release) {
    this.kind = kind;
    this.body = body;
    this.name = name;
    this.timeout = timeout;
    this.onCancel = onCancel;
    this.recovery = recovery;
    this.isShared = isShared;
    this.release = release;
  }

  TaskWork named(String newName) {
    return new TaskWork(kind, body, newName, timeout, onCancel, recovery, isShared, release);
  }

  TaskWork timeout(Duration newTimeout) {
    return new TaskWork(kind, body, name, newTimeout, onCancel, recovery, isShared, release);
  }

  TaskWork onCancel(Runnable hook) {
    Runnable earlier = onCancel;
    Runnable both =
        earlier == null
            ? hook
            : () -> {
              try {
                earlier.run();
              } finally {
                hook.run();
              }
            };
    return new TaskWork(kind, body, name, timeout, both, recovery, isShared, release);
  }

  TaskWork recover(Function<? super Throwable, ?> function) {
    Function<? super Throwable, ?> earlier = recovery;
    Function<? super Throwable, ?> both =
        earlier == null
            ? function
            : failure -> {
              try {
                return earlier.apply(failure);
              } catch (Exception | AssertionError | LinkageError | StackOverflowError e) {
                return function.apply(e); // not what fails the gather in every mode
              }
            };
    return new TaskWork(kind, body, name, timeout, onCancel, both, isShared, release);
  }

  TaskWork shared() {
    return new TaskWork(kind, body, name, timeout, onCancel, recovery, true, release);
  }

  TaskWork release(ItemAction<Object> hook) {
    ItemAction<Object> both = Releases.both(release, hook);
    return new TaskWork(kind, body, name, timeout, onCancel, recovery, isShared, both);
  }

  /** What to do with a value that nobody gets. */
  @Nullable ItemAction<Object> release() {
    return release;
  }

  /** In a place that names it, unless it has a name of its own. */
  TaskWork in(String place) {
    return name == null ? new Placed(this, place) : this;
  }

  // ---- Work

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public @Nullable Object call() throws Exception {
    return body.call();
  }

  @Override
  public @Nullable String name() {
    return name;
  }

  @Override
  public boolean isNamed() {
    return name != null;
  }

  @Override
  public @Nullable Duration timeout() {
    return timeout;
  }

  @Override
  public boolean recovers() {
    return recovery != null;
  }

  @Override
  public @Nullable Object recover(Throwable failure) throws Exception {
    return recovery == null ? super.recover(failure) : recovery.apply(failure);
  }

  @Override
  public boolean isShared() {
    return isShared;
  }

  @Override
  public boolean hasHook() {
    return onCancel != null;
  }

  @Override
  public void onCancel() {
    if (onCancel != null) {
      onCancel.run();
    }
  }

  /** For people: the kind of task and its name. */
  @Override
  public String toString() {
    String label =
        switch (kind) {
          case BLOCKING -> "Task";
          case ASYNC -> "Task.async";
          case STARTED -> isShared ? "Task.shared" : "Task.started";
        };
    return name == null ? label : label + "[" + name + "]";
  }

  private static final class Placed extends TaskWork {
    private final TaskWork work;

    Placed(TaskWork work, String place) {
      super(
          work.kind,
          work.body,
          place,
          work.timeout,
          work.onCancel,
          work.recovery,
          work.isShared,
          work.release);
      this.work = work;
    }

    @Override
    public Object identity() {
      return work;
    }

    @Override
    public boolean isNamed() {
      return false; // only the place is
    }
  }
}

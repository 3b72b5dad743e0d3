package dev.gather.future;

import dev.gather.CheckReturnValue;
import dev.gather.spi.Work;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work of any kind, so that different kinds can be mixed in one gather, and a handle
 * under which {@link Results} finds its value.
 *
 * <p>A task is an immutable description. The same {@code Task} object given twice to one gather
 * runs once and its result stands in both places; used in two gathers, or in two runs of one, it
 * runs once in each.
 *
 * <pre>{@code
 * Task<User> user = Task.of(() -> users.find(id)).named("user");
 * Task<List<Order>> orders = Task.async(() -> orderClient.byUser(id)).timeout(ofMillis(300));
 * GatherFuture<Page> page = Gather.of(user, orders).combine(r -> new Page(r.get(user), r.get(orders)));
 * }</pre>
 *
 * @param <T> the type of the result; it may be nullable
 */
@CheckReturnValue
public final class Task<T extends @Nullable Object> {
  /** Apart, since the SPI must not show in a public signature. */
  private final TaskWork work;

  private Task(TaskWork work) {
    this.work = work;
  }

  /**
   * A blocking body. It is called on a thread of the executor and interrupted when the task is
   * cancelled.
   *
   * @param blockingBody what to call, once in each run
   * @param <T> the type of the result
   * @return the task
   */
  public static <T extends @Nullable Object> Task<T> of(Callable<? extends T> blockingBody) {
    Objects.requireNonNull(blockingBody, "blockingBody must not be null");
    return new Task<>(new TaskWork(Work.Kind.BLOCKING, blockingBody));
  }

  /**
   * A blocking body that returns nothing: {@code Task.doing(() -> connection.close())}. It is
   * called and interrupted as that of {@link #of} is; the result is {@code null}.
   *
   * @param action what to call, once in each run
   * @return the task
   */
  public static Task<@Nullable Void> doing(Action action) {
    Objects.requireNonNull(action, "action must not be null");
    return of(
        () -> {
          action.call();
          return null;
        });
  }

  /**
   * Something asynchronous, started by the gather. The stage gets {@code cancel(true)} when the
   * task is cancelled, so a JDK {@code HttpClient} exchange is really aborted.
   *
   * <p>The task ends when the stage does. Cleanup that hangs on the stage as one more dependent may
   * run after that: make it a part of the stage that is returned.
   *
   * @param start called on a thread of the executor, once in each run; returns the stage whose
   *     value is the result. What it throws is the failure of the task, the same instance
   * @param <T> the type of the result
   * @return the task
   */
  public static <T extends @Nullable Object> Task<T> async(AsyncStart<? extends T> start) {
    Objects.requireNonNull(start, "start must not be null");
    return new Task<>(new TaskWork(Work.Kind.ASYNC, start::start));
  }

  /**
   * The same for a supplier that is there already; lambdas and method references are an {@link
   * AsyncStart}.
   *
   * @param start called as there
   * @param <T> the type of the result
   * @return the task
   */
  public static <T extends @Nullable Object> Task<T> async(
      Supplier<? extends CompletionStage<? extends T>> start) {
    Objects.requireNonNull(start, "start must not be null");
    return new Task<>(new TaskWork(Work.Kind.ASYNC, start::get));
  }

  /**
   * Something that is running already. It needs no thread and does not count against a limit; each
   * run awaits the same stage. It belongs to the gather: it gets {@code cancel(true)} when the task
   * is cancelled. {@link #shared} leaves it alone.
   *
   * @param running the stage whose value is the result
   * @param <T> the type of the result
   * @return the task
   */
  public static <T extends @Nullable Object> Task<T> started(CompletionStage<? extends T> running) {
    Objects.requireNonNull(running, "running must not be null");
    return new Task<>(new TaskWork(Work.Kind.STARTED, () -> running));
  }

  /**
   * Something that is running already and belongs to somebody else: as {@link #started}, but it is
   * never cancelled. When the task is cancelled it has ended as soon as the stage is no longer
   * waited for, which leaves next to nothing with a stage that stays pending.
   *
   * @param running the stage whose value is the result
   * @param <T> the type of the result
   * @return the task
   */
  public static <T extends @Nullable Object> Task<T> shared(CompletionStage<? extends T> running) {
    Objects.requireNonNull(running, "running must not be null");
    return new Task<>(new TaskWork(Work.Kind.STARTED, () -> running).shared());
  }

  /**
   * Something that is running already and has nothing but a {@code Future}, as {@code
   * ExecutorService.submit} gives it. Like a stage that is {@link #started}, it does not count
   * against a limit, each run awaits the same future, and it gets {@code cancel(true)} when the
   * task is cancelled, which then does not wait for it any longer.
   *
   * <p>A {@code Future} tells nobody when it is done. So unless it is, or is a {@link
   * CompletionStage} as well, one thread of the default executor waits in {@code get()} from the
   * first run on: a virtual one on JDK 21 and newer.
   *
   * @param running the future whose value is the result; where it fails, the failure of the task is
   *     the cause of its {@link java.util.concurrent.ExecutionException}
   * @param <T> the type of the result
   * @return the task
   */
  public static <T extends @Nullable Object> Task<T> future(Future<? extends T> running) {
    Objects.requireNonNull(running, "running must not be null");
    AwaitedFuture<T> awaited = new AwaitedFuture<>(running);
    return new Task<>(new TaskWork(Work.Kind.STARTED, awaited::stage));
  }

  /**
   * The same work under a name, for messages and listeners, and for the thread that runs the body,
   * which is called so meanwhile: {@code pages[user]}, after the gather too. It is another task:
   * look its result up with the one that was gathered.
   *
   * @param name the name
   * @return a new task
   */
  public Task<T> named(String name) {
    Objects.requireNonNull(name, "name must not be null");
    return new Task<>(work.named(name));
  }

  /**
   * The same work with its own bound on running time, in place of the {@code taskTimeout} of the
   * gather. When it passes, only this task is cancelled; its outcome is a failure with a {@link
   * java.util.concurrent.TimeoutException}.
   *
   * @param d counted from the start of the task's body; not negative
   * @return a new task
   * @throws IllegalArgumentException if {@code d} is negative
   */
  public Task<T> timeout(Duration d) {
    Objects.requireNonNull(d, "timeout must not be null");
    if (d.isNegative()) {
      throw new IllegalArgumentException("timeout must not be negative, but was " + d);
    }
    return new Task<>(work.timeout(d));
  }

  /**
   * The same work with a hook that stops it where an interrupt does not: {@code
   * task.onCancel(statement::cancel)}. It is called once, when the task is cancelled while it runs,
   * after hooks given earlier, on a thread of Gather; it may block, and holds up nobody but the end
   * of the gather. An exception it throws goes to the listener.
   *
   * <p>The body is interrupted all the same, and on a virtual thread the JDK closes the socket that
   * an interrupted body is blocked on. To keep a database connection usable after a cancel, run its
   * tasks on platform threads: {@code gather.executor(pool)}.
   *
   * @param hook what to call
   * @return a new task
   */
  public Task<T> onCancel(Runnable hook) {
    Objects.requireNonNull(hook, "hook must not be null");
    return new Task<>(work.onCancel(hook));
  }

  /**
   * The same work with a value in place of its failure: {@code task.timeout(d).orElse(value)}. See
   * {@link #recover}.
   *
   * @param value the value if the task fails
   * @return a new task
   */
  public Task<T> orElse(T value) {
    return recover(failure -> value);
  }

  /**
   * The same work with a function that gives a value where it fails: by throwing, by its {@link
   * #timeout}, by cancelling itself, or since no thread could be had for it. Then the task has
   * succeeded, for its gather and everybody who hears of it.
   *
   * <p>The function is not asked where the gather is over: by a cancel, at its deadline, or since
   * another task has failed. It is not asked either for errors after which nothing can be trusted,
   * as {@link OutOfMemoryError}. If it throws, that is the failure of the task, or of the functions
   * given later.
   *
   * @param function called at most once in each run with the task's failure, the same instance, on
   *     the thread on which the task ended; the task has not ended before it returns, but it is
   *     neither interrupted nor bound by the timeout any more
   * @return a new task
   */
  public Task<T> recover(Function<? super Throwable, ? extends T> function) {
    Objects.requireNonNull(function, "function must not be null");
    return new Task<>(work.recover(function));
  }

  /**
   * The same work, and what becomes of its value if nobody gets that: {@code
   * Task.of(pool::getConnection).release(Connection::close)}. {@link Gather#release} says when.
   *
   * @param hook what to do with the value; hooks given earlier are called before
   * @return a new task
   */
  @SuppressWarnings("unchecked") // it gets the value of this task
  public Task<T> release(ItemAction<? super T> hook) {
    Objects.requireNonNull(hook, "hook must not be null");
    return new Task<>(work.release((ItemAction<Object>) hook));
  }

  /** For people: the kind of task and its name. */
  @Override
  public String toString() {
    return work.toString();
  }

  Work work() {
    return work;
  }

  @Nullable ItemAction<Object> release() {
    return work.release();
  }

  /** This task in a place that names it, unless it has a name of its own. */
  Work workIn(String place) {
    return work.in(place);
  }
}

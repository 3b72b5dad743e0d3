package dev.gather.future;

import dev.gather.CheckReturnValue;
import dev.gather.Outcome;
import dev.gather.spi.Plan;
import dev.gather.spi.Work;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Runs several pieces of work concurrently and gives their results in input order, as one future.
 *
 * <pre>{@code
 * List<String> pages = Gather.each(urls, this::fetch).limit(16).timeout(ofSeconds(5)).all().join();
 * }</pre>
 *
 * <p>A {@code Gather} is an immutable description: say what to run ({@link #of}, {@link #each},
 * {@link #eachDo}, {@link #eachAsync}, {@link #started}, {@link #shared}, {@link #keyed}), how to
 * run it ({@link #limit}, {@link #timeout}, {@link #onFailure} and so on, each returns a new {@code
 * Gather}), and what to get. Nothing runs before one of the terminal methods {@link #all}, {@link
 * #settled}, {@link #combine} is called; that starts everything, whether the future is joined or
 * not, and every call is a new run.
 *
 * <p><b>Order.</b> Results stand in input order, whatever the order of completion.
 *
 * <p><b>Concurrency.</b> All tasks run at the same time unless {@link #limit} says otherwise.
 *
 * <p><b>When one fails.</b> By default the other tasks are cancelled, and the future fails after
 * they have ended; {@link #onFailure} chooses otherwise, {@link #settled} collects failures
 * instead.
 *
 * <p><b>Cancellation.</b> Cancelling the future, or any stage derived from it, cancels every task
 * that is still running; tasks not yet started never start. A gather that was cancelled never
 * yields a list.
 *
 * <p><b>Threads.</b> Bodies, and the suppliers of stages, run on the {@link #executor}: by default
 * virtual threads on JDK 21 and newer, a pool of named daemon threads that grows with the bodies
 * that block on JDK 17 ({@link #limit} bounds them). A body that blocks has its thread for itself;
 * short ones follow each other on one, unless it is {@link #isolated}. Never on the common pool,
 * never on the caller's thread.
 *
 * <p><b>Context.</b> All code of yours finds the caller's context class loader and, with {@code
 * io.micrometer:context-propagation}, the thread locals registered with it (MDC, spans), as at the
 * terminal call. {@code InheritableThreadLocal} and {@code ScopedValue} are not carried.
 *
 * <p><b>End.</b> When the future completes with a result, nothing of the gather is still running.
 *
 * @param <T> the type of the results; it may be nullable
 */
@CheckReturnValue
public final class Gather<T extends @Nullable Object> extends ZipOfMore<Gather<T>, T> {
  private Gather(Iterable<? extends Work> works, List<Task<?>> tasks, Manner manner) {
    super(works, tasks, manner);
  }

  static <T extends @Nullable Object> Gather<T> describe(
      Iterable<? extends Work> works, List<Task<?>> tasks) {
    return new Gather<>(works, tasks, Manner.DEFAULT);
  }

  @Override
  Gather<T> described(Manner m) {
    return new Gather<>(works, tasks, m);
  }

  // ---- what to run, besides what Zip has

  /**
   * Blocking bodies. Each is called on a thread of the executor and interrupted when its task is
   * cancelled. The same {@code Callable} given twice runs twice. One that returns a future or a
   * stage has failed: {@link Task#async} is for those; and {@link #doing} for bodies that return
   * nothing.
   *
   * @param tasks the bodies; none may be {@code null}
   * @param <T> the type of the results
   * @return a description to go on with
   * @throws NullPointerException if a body is {@code null}; the message names its position
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  public static <T extends @Nullable Object> Gather<T> of(Callable<? extends T>... tasks) {
    Objects.requireNonNull(tasks, "tasks must not be null");
    return describe(Works.list("tasks", Arrays.asList(tasks), Works::blocking), List.of());
  }

  /**
   * Tasks of any kind, mixed. The same {@link Task} object given twice runs once, and its result
   * stands in both places.
   *
   * @param tasks the tasks; none may be {@code null}
   * @param <T> the type of the results
   * @return a description to go on with
   * @throws NullPointerException if a task is {@code null}; the message names its position
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  public static <T extends @Nullable Object> Gather<T> of(Task<? extends T>... tasks) {
    Objects.requireNonNull(tasks, "tasks must not be null");
    return of(Arrays.asList(tasks));
  }

  /**
   * Tasks of any kind, mixed. The same {@link Task} object given twice runs once, and its result
   * stands in both places. The collection is copied by this call.
   *
   * @param tasks the tasks; none may be {@code null}
   * @param <T> the type of the results
   * @return a description to go on with
   * @throws NullPointerException if a task is {@code null}; the message names its position
   */
  public static <T extends @Nullable Object> Gather<T> of(
      Collection<? extends Task<? extends T>> tasks) {
    List<Task<?>> copy = new ArrayList<>();
    List<Work> works =
        Works.list(
            "tasks",
            tasks,
            task -> {
              copy.add(task);
              return task.work();
            });
    return describe(works, copy);
  }

  /**
   * Blocking bodies in a collection, as {@code invokeAll} takes them; {@link #of(Callable[])} says
   * how they run. Several collections are taken one after the other. They are copied by this call.
   *
   * @param bodies mostly one collection of bodies; none may be {@code null}
   * @param <T> the type of the results
   * @return a description to go on with
   * @throws NullPointerException if a body is {@code null}; the message names its position
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  public static <T extends @Nullable Object> Gather<T> of(
      Collection<? extends Callable<? extends T>>... bodies) {
    // An array, since erased this would be the method that takes a collection of tasks; and so that
    // javac looks at this one only where that does not fit, which List.of() does.
    return describe(Works.blocking(bodies), List.of());
  }

  /**
   * Futures you already have. They are awaited, not started: they need no thread and do not count
   * against {@link #limit}. If all of them are done, so is the gather when the call returns; among
   * several that had failed before, the first in input order wins. They belong to the gather: each
   * gets {@code cancel(true)} when its task is cancelled; {@link #shared} leaves them alone. The
   * collection is copied by this call.
   *
   * @param running the stages; none may be {@code null}; one stage may stand there several times
   * @param <T> the type of the results
   * @return a description to go on with
   * @throws NullPointerException if a stage is {@code null}; the message names its position
   */
  public static <T extends @Nullable Object> Gather<T> started(
      Collection<? extends CompletionStage<? extends T>> running) {
    return describe(Works.list("running", running, Works::started), List.of());
  }

  /**
   * Futures that belong to somebody else: as {@link #started}, but the gather never cancels them. A
   * task of which the gather wants no more has ended when it is no longer waited for, and leaves
   * next to nothing with a future that stays pending.
   *
   * @param running the stages; none may be {@code null}; one stage may stand there several times
   * @param <T> the type of the results
   * @return a description to go on with
   * @throws NullPointerException if a stage is {@code null}; the message names its position
   */
  public static <T extends @Nullable Object> Gather<T> shared(
      Collection<? extends CompletionStage<? extends T>> running) {
    return describe(Works.list("running", running, Works::shared), List.of());
  }

  /**
   * Tasks under keys, for a map of results. A task without a name of its own is called what its key
   * is as a string. The same {@link Task} object under two keys runs once, and its result stands
   * under both. The map is copied by this call.
   *
   * @param tasks the tasks, in the order of the results; a key may be {@code null}, a task may not
   * @param <K> the type of the keys
   * @param <T> the type of the results
   * @return a description to go on with
   * @throws NullPointerException if a task is {@code null}; the message names its key
   * @throws IllegalArgumentException if two keys are equal, as a map that compares them in another
   *     way allows
   */
  public static <K extends @Nullable Object, T extends @Nullable Object> KeyedGather<K, T> keyed(
      Map<? extends K, ? extends Task<? extends T>> tasks) {
    return KeyedGather.of(tasks);
  }

  /**
   * One blocking body for each item. It is called on a thread of the executor and interrupted when
   * its task is cancelled. One that returns a future or a stage has failed: {@link #eachAsync} is
   * for those; and {@link #eachDo} for a body that returns nothing.
   *
   * <p>The items are read anew in each run. Those of a {@link java.util.Collection} are read by the
   * call that starts the run, on the caller's thread, all at once: what changes the collection
   * afterwards does not change the gather. Those of any other {@code Iterable} are read while the
   * gather runs, by one thread at a time; with a {@link #limit} as places free up, never more than
   * the limit ahead of what has ended, so the input may be larger than memory. An iterator that
   * throws fails the gather with that exception.
   *
   * @param items the items; they may be {@code null} themselves
   * @param body what to do with one item
   * @param <A> the type of the items
   * @param <T> the type of the results
   * @return a description to go on with
   */
  public static <A extends @Nullable Object, T extends @Nullable Object> Gather<T> each(
      Iterable<? extends A> items, Body<? super A, ? extends T> body) {
    Objects.requireNonNull(items, "items must not be null");
    Objects.requireNonNull(body, "body must not be null");
    return describe(Works.each(items, body), List.of());
  }

  /**
   * One blocking body for each item, as {@link #each(Iterable, Body)} has it, and a hook that stops
   * it where an interrupt does not: {@code Gather.each(statements, this::run, Statement::cancel)}.
   *
   * @param items the items; they may be {@code null} themselves
   * @param body what to do with one item
   * @param onCancel called once with the item of each task that is cancelled while it runs; it may
   *     block. An exception it throws goes to the listener
   * @param <A> the type of the items
   * @param <T> the type of the results
   * @return a description to go on with
   */
  public static <A extends @Nullable Object, T extends @Nullable Object> Gather<T> each(
      Iterable<? extends A> items,
      Body<? super A, ? extends T> body,
      ItemAction<? super A> onCancel) {
    Objects.requireNonNull(items, "items must not be null");
    Objects.requireNonNull(body, "body must not be null");
    Objects.requireNonNull(onCancel, "onCancel must not be null");
    return describe(Works.each(items, body, onCancel), List.of());
  }

  /**
   * One asynchronous piece of work for each item. The body is called on a thread of the executor
   * and returns a stage, which gets {@code cancel(true)} when its task is cancelled. Items are read
   * as {@link #each} reads them.
   *
   * @param items the items; they may be {@code null} themselves
   * @param body starts the work for one item
   * @param <A> the type of the items
   * @param <T> the type of the results
   * @return a description to go on with
   */
  public static <A extends @Nullable Object, T extends @Nullable Object> Gather<T> eachAsync(
      Iterable<? extends A> items, AsyncBody<? super A, ? extends T> body) {
    Objects.requireNonNull(items, "items must not be null");
    Objects.requireNonNull(body, "body must not be null");
    return describe(Works.eachAsync(items, body), List.of());
  }

  // ---- what to get

  /**
   * Starts everything and gives all values in input order, or the first failure.
   *
   * <p>The list is unmodifiable and may hold {@code null}. The first task that fails, in time,
   * fails the gather with a {@link dev.gather.GatherException} whose cause is that task's own
   * exception; what happens to the others is up to {@link #onFailure}. A task that is cancelled on
   * its own counts as failed: the cause is its {@link java.util.concurrent.CancellationException},
   * and the future is not cancelled.
   *
   * @return the future of the values; already completed if there is nothing to wait for
   * @throws IllegalStateException if the scope is closed or the engine is missing
   */
  public GatherFuture<List<T>> all() {
    return start(Plan.Wanted.VALUES, 0, Description::typed);
  }

  /**
   * Starts everything, lets every task run to its end, and gives every outcome in input order. A
   * task's failure never fails this future.
   *
   * <p>The list is unmodifiable. At the deadline ({@link #timeout}) it is returned with what there
   * is.
   *
   * @return the future of the outcomes; already completed if there is nothing to wait for
   * @throws IllegalStateException if the scope is closed or the engine is missing
   */
  public GatherFuture<List<Outcome<T>>> settled() {
    return start(Plan.Wanted.OUTCOMES, 0, Description::typed);
  }
}

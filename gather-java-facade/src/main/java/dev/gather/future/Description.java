package dev.gather.future;

import dev.gather.FailurePolicy;
import dev.gather.GatherException;
import dev.gather.GatherListener;
import dev.gather.GatherOptions;
import dev.gather.Limiter;
import dev.gather.spi.Plan;
import dev.gather.spi.Work;
import dev.gather.threads.BodyThreads;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What every description of a gather has: what it runs, how it runs, and who owns it. It is
 * immutable; each option gives a new one of the same type.
 *
 * <p>Users do not see this class: to them its methods are those of {@link Gather} and {@link
 * KeyedGather}. That is why none of them is final, although nobody overrides one: only then javac
 * gives the public classes a method that reflection may call. And why {@code G} has no bound: it
 * would stand in the descriptors of those methods, which a method handle could not resolve from
 * another package.
 *
 * @param <G> the type itself
 */
abstract sealed class Description<G> permits Arrivals {
  final Iterable<? extends Work> works;
  final List<Task<?>> tasks;
  final GatherOptions options;
  final @Nullable GatherScope scope;

  /**
   * @param works what the engine runs
   * @param tasks the handles by which results are looked up, in the same order; empty if there are
   *     none
   */
  Description(
      Iterable<? extends Work> works,
      List<Task<?>> tasks,
      GatherOptions options,
      @Nullable GatherScope scope) {
    this.works = works;
    this.tasks = tasks;
    this.options = options;
    this.scope = scope;
  }

  /** The same work, run in another way. */
  abstract G described(GatherOptions o, @Nullable GatherScope s);

  /**
   * At most this many tasks run at the same time. A slot is held from the start of a task to its
   * end, for a stage until it completes.
   *
   * @param maxConcurrent at least 1
   * @return a new description
   * @throws IllegalArgumentException if {@code maxConcurrent} is less than 1
   */
  public G limit(int maxConcurrent) {
    return with(options.toBuilder().limit(maxConcurrent).build());
  }

  /**
   * A deadline for the whole gather, counted from the terminal call. When it passes, what is
   * running is cancelled; after that has ended {@link Gather#all} fails with a {@link
   * GatherException} that holds every outcome so far and whose cause is a {@link
   * dev.gather.GatherTimeoutException}, and {@link Gather#settled} <em>returns</em>: what was
   * finished as it is, the rest as cancelled.
   *
   * @param whole not negative; with zero nothing starts
   * @return a new description
   * @throws IllegalArgumentException if {@code whole} is negative
   */
  public G timeout(Duration whole) {
    Objects.requireNonNull(whole, "timeout must not be null");
    return with(options.toBuilder().timeout(whole).build());
  }

  /**
   * How long each task may run, counted from its own start. A task that runs longer is cancelled,
   * alone; its outcome is a failure with a {@link java.util.concurrent.TimeoutException}.
   *
   * @param each not negative
   * @return a new description
   * @throws IllegalArgumentException if {@code each} is negative
   */
  public G taskTimeout(Duration each) {
    Objects.requireNonNull(each, "taskTimeout must not be null");
    return with(options.toBuilder().taskTimeout(each).build());
  }

  /**
   * What the first failure means for the other tasks; {@link FailurePolicy#CANCEL_OTHERS} unless
   * set. {@link Gather#settled} does not ask for it.
   *
   * @param p the policy
   * @return a new description
   */
  public G onFailure(FailurePolicy p) {
    Objects.requireNonNull(p, "policy must not be null");
    return with(options.toBuilder().onFailure(p).build());
  }

  /**
   * Bounds the wait for cancelled tasks. When it has passed, the gather completes without those
   * that would not stop and lets go of them; the message of its exception names them. A task that
   * was stopped by its own deadline is given up as well: it has failed, and its place is free.
   *
   * @param waitForCancelledTasks counted from the moment they were cancelled; not negative
   * @return a new description
   * @throws IllegalArgumentException if {@code waitForCancelledTasks} is negative
   */
  public G grace(Duration waitForCancelledTasks) {
    Objects.requireNonNull(waitForCancelledTasks, "grace must not be null");
    return with(options.toBuilder().grace(waitForCancelledTasks).build());
  }

  /**
   * Starts the tasks one after another: the next when the one before has failed, or has been
   * running for this long. With {@link Gather#any} this is how to ask a second server when the
   * first is slow (hedging; <a href="https://www.rfc-editor.org/rfc/rfc8305#section-5">RFC 8305</a>
   * calls it Connection Attempt Delay).
   *
   * @param delay between two starts; not negative
   * @return a new description
   * @throws IllegalArgumentException if {@code delay} is negative
   */
  public G stagger(Duration delay) {
    Objects.requireNonNull(delay, "stagger must not be null");
    return with(options.toBuilder().stagger(delay).build());
  }

  /**
   * Each task holds a permit of this limiter from its start to its end, besides its slot of the
   * {@link Gather#limit}. The limiter is shared by any number of gathers and single calls, which
   * get their permits first come, first served; a gather stands in that queue once at a time.
   * Waiting blocks no thread. A task that gathers under the same limiter lends its own permit to
   * those tasks, see {@link Limiter}. The next item of a lazy input is read before a permit is
   * asked for, which the input may do itself.
   *
   * @param l the limiter
   * @return a new description
   */
  public G limiter(Limiter l) {
    Objects.requireNonNull(l, "limiter must not be null");
    return with(options.toBuilder().limiter(l).build());
  }

  /**
   * Where bodies run, in place of the default executor. What it refuses fails nothing while another
   * thread is at work on the gather; where none is, it is asked again for a while, 50 ms in all,
   * and then the refusal is the failure of a task. A pool that is too small for gathers within
   * gathers can starve them, as it can everything else; the default executor cannot.
   *
   * @param blockingBodies the executor; Gather never shuts it down
   * @return a new description
   * @throws IllegalArgumentException if it is a pool that drops what it cannot take without a word
   *     ({@code DiscardPolicy}, {@code DiscardOldestPolicy}): nobody would hear of the tasks
   */
  public G executor(Executor blockingBodies) {
    Objects.requireNonNull(blockingBodies, "executor must not be null");
    return with(options.toBuilder().executor(blockingBodies).build());
  }

  /**
   * What the gather is called in messages.
   *
   * @param name the name
   * @return a new description
   */
  public G name(String name) {
    Objects.requireNonNull(name, "name must not be null");
    return with(options.toBuilder().name(name).build());
  }

  /**
   * Who hears what the tasks do.
   *
   * @param l the listener; thread-safe
   * @return a new description
   */
  public G listener(GatherListener l) {
    Objects.requireNonNull(l, "listener must not be null");
    return with(options.toBuilder().listener(l).build());
  }

  /**
   * Takes all options from a set, in place of those given before; the {@link Gather#scope} stays.
   *
   * @param o the options
   * @return a new description
   */
  public G with(GatherOptions o) {
    Objects.requireNonNull(o, "options must not be null");
    return described(o, scope);
  }

  /**
   * Gives the gather an owner: closing the scope cancels it and waits for it. Without one, a gather
   * that is started in the body of another is a part of that body, and is cancelled and ends with
   * it.
   *
   * @param s the scope
   * @return a new description
   */
  public G scope(GatherScope s) {
    Objects.requireNonNull(s, "scope must not be null");
    return described(options, s);
  }

  /** For people: the name, the number of tasks and the options that differ from the defaults. */
  @Override
  public String toString() {
    int sizeHint = Works.sizeHint(works);
    return getClass().getSimpleName()
        + "["
        + (sizeHint < 0 ? "lazy input" : sizeHint + (sizeHint == 1 ? " task" : " tasks"))
        + ", "
        + options
        + "]";
  }

  // ---- to the engine

  /**
   * Starts everything as {@link Gather#all} does, and combines the values, each looked up by its
   * {@link Task} with its own type.
   *
   * @param function called once, when all tasks have succeeded, on the thread that ended the last
   *     one; if it throws, the future fails with a {@link GatherException} whose cause is that
   *     exception and whose index is -1
   * @param <R> the type of what they are combined to
   * @return the combined value, or the first failure as from {@link Gather#all}
   * @throws IllegalStateException if the scope is closed or the engine is missing
   */
  public <R extends @Nullable Object> GatherFuture<R> combine(
      Function<? super Results, ? extends R> function) {
    Objects.requireNonNull(function, "function must not be null");
    List<Task<?>> handles = tasks;
    return start(Plan.Wanted.VALUES, 0, values -> Results.ofValues(handles, values).to(function));
  }

  /**
   * Starts everything as {@link Gather#settled} does, and combines what came of it: {@link
   * Results#outcome} tells how a task ended, {@link Results#get} is for those without which there
   * is nothing to combine.
   *
   * <pre>{@code
   * GatherFuture<Page> page = Gather.of(user, orders).timeout(ofMillis(800)).combineSettled(
   *     results -> new Page(results.get(user), results.outcome(orders).getOrElse(List.of())));
   * }</pre>
   *
   * @param function called once, when all tasks have ended, also at the deadline, on the thread
   *     that ended the last one; if it throws, the future fails with a {@link GatherException}, as
   *     that of {@link #combine} does
   * @param <R> the type of what they are combined to
   * @return the combined value; a task's failure by itself never fails this future
   * @throws IllegalStateException if the scope is closed or the engine is missing
   */
  public <R extends @Nullable Object> GatherFuture<R> combineSettled(
      Function<? super Results, ? extends R> function) {
    Objects.requireNonNull(function, "function must not be null");
    List<Task<?>> handles = tasks;
    IntFunction<@Nullable String> names =
        position -> works instanceof List<? extends Work> all ? all.get(position).name() : null;
    return start(
        Plan.Wanted.OUTCOMES,
        0,
        outcomes -> Results.of(handles, typed(outcomes), names).to(function));
  }

  @SuppressWarnings("unchecked") // the engine's list holds them
  static <E extends @Nullable Object> List<E> typed(List<?> results) {
    return (List<E>) results;
  }

  final <R extends @Nullable Object> GatherFuture<R> start(
      Plan.Wanted wanted, int enough, Function<? super List<?>, ? extends R> finish) {
    return Control.start(plan(wanted, enough), finish, scope);
  }

  final Plan plan(Plan.Wanted wanted, int enough) {
    Executor bodies = options.executor();
    Iterable<? extends Work> read = Works.read(works);
    return new Plan(
        read,
        Works.areMade(read),
        tasks.size() > 1,
        wanted,
        enough,
        options,
        bodies == null ? BodyThreads.EXECUTOR : bodies,
        CapturedContext.ofCaller());
  }
}

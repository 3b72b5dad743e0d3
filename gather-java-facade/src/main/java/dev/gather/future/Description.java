package dev.gather.future;

import dev.gather.CheckReturnValue;
import dev.gather.GatherException;
import dev.gather.GatherOptions;
import dev.gather.spi.Plan;
import dev.gather.spi.Work;
import dev.gather.threads.BodyThreads;
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
 * @param <G> the type itself
 */
@CheckReturnValue
abstract sealed class Description<G> extends Configured<G> permits Arrivals {
  final Iterable<? extends Work> works;
  final List<Task<?>> tasks;

  /**
   * @param works what the engine runs
   * @param tasks the handles by which results are looked up, in the same order; empty if there are
   *     none
   */
  Description(Iterable<? extends Work> works, List<Task<?>> tasks, Manner manner) {
    super(manner);
    this.works = works;
    this.tasks = tasks;
  }

  /** For people: the name, the number of tasks and the options that differ from the defaults. */
  @Override
  public String toString() {
    int sizeHint = Works.sizeHint(works);
    return getClass().getSimpleName()
        + "["
        + (sizeHint < 0 ? "lazy input" : sizeHint + (sizeHint == 1 ? " task" : " tasks"))
        + ", "
        + manner.options()
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
    Combination<R> combine = values -> Results.ofValues(handles, values).to(function);
    return start(Plan.Wanted.VALUES, 0, combine);
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
    Combination<R> combine = outcomes -> Results.of(handles, typed(outcomes), names).to(function);
    return start(Plan.Wanted.OUTCOMES, 0, combine);
  }

  @SuppressWarnings("unchecked") // the engine's list holds them
  static <E extends @Nullable Object> List<E> typed(List<?> results) {
    return (List<E>) results;
  }

  final <R extends @Nullable Object> GatherFuture<R> start(
      Plan.Wanted wanted, int enough, Function<? super List<?>, ? extends R> finish) {
    return Control.start(plan(wanted, enough), finish, manner.scope());
  }

  final Plan plan(Plan.Wanted wanted, int enough) {
    GatherOptions options = manner.options();
    Executor bodies = options.executor();
    Iterable<? extends Work> read = Works.read(works);
    return new Plan(
        read,
        Works.areMade(read),
        tasks.size() > 1 || manner.release() != null && read instanceof List<?>,
        wanted,
        enough,
        options,
        bodies == null ? threads() : bodies,
        manner.isIsolated(),
        CapturedContext.ofCaller(manner.scope()),
        Releases.of(works, tasks, manner.release()));
  }

  private Executor threads() {
    return manner.isIsolated() ? BodyThreads.FRESH : BodyThreads.EXECUTOR;
  }
}

package dev.gather.future;

import dev.gather.CheckReturnValue;
import dev.gather.Completed;
import dev.gather.spi.Plan;
import dev.gather.spi.Work;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Results in the order in which they come: all of them, one by one, or the first so many. {@link
 * Gather} and {@link KeyedGather} inherit these methods, and users know them by those names only;
 * see {@link Configured}.
 *
 * @param <G> the type itself
 * @param <T> the type of the results
 */
@CheckReturnValue
abstract sealed class Arrivals<G, T extends @Nullable Object> extends Description<G>
    permits Doing, KeyedGather {
  Arrivals(Iterable<? extends Work> works, List<Task<?>> tasks, Manner manner) {
    super(works, tasks, manner);
  }

  /**
   * {@link #asCompleted} and {@link #stream} give successes in input order; what is no success
   * comes at once, before those that are still running. The results of {@code all} and {@code
   * settled} are in input order anyway.
   *
   * <p>A success that has to wait for one before it holds its slot of the {@link #limit}, so a slow
   * task at the head bounds how far the others run ahead.
   *
   * @return a new description
   */
  public G ordered() {
    return described(manner.inOrder());
  }

  /**
   * What becomes of values that nobody gets: {@code Gather.each(hosts, this::connect).release(
   * Connection::close)}. So a gather of resources leaves none of them open behind your back.
   *
   * <p>It is called once for each value that a task has produced and that is not delivered: one
   * that comes after a cancel, at or after a deadline, or after its task was given up; the values
   * beside those that {@link #any} and {@link #atLeast} give; results of a {@link #stream} or
   * subscription that nobody has taken when that is closed or cancelled; and <em>all</em> values of
   * a gather that fails. What a {@link dev.gather.GatherException} holds is therefore not
   * delivered: its {@code outcomes()} have {@link dev.gather.CancelReason#RELEASED} in place of
   * these values. {@code settled} delivers what it returns, and {@code combine} what it gives to
   * its function.
   *
   * <p>It runs before the gather counts as ended, and so before the future fails; only the value of
   * a task that was given up comes later, if at all. It is called on threads of Gather, several
   * values at the same time, and may block. An exception it throws goes to the listener and is
   * suppressed in that of the gather. It never gets {@code null}, nor the value of a {@link
   * Task#shared} stage, which belongs to somebody else; what a stage has done after it was
   * cancelled nobody can know. A {@link Task#release} of a task's own comes before this one.
   *
   * @param hook what to do with such a value; hooks given earlier are called before
   * @return a new description
   */
  @SuppressWarnings("unchecked") // it gets the values of these tasks
  public G release(ItemAction<? super T> hook) {
    Objects.requireNonNull(hook, "hook must not be null");
    return described(manner.releasing((ItemAction<Object>) hook));
  }

  /**
   * Starts everything and gives the first value that comes; the other tasks are then cancelled.
   *
   * <p>Failures do not matter as long as one task may still succeed. If all fail, the future fails
   * with a {@link dev.gather.GatherException} that has every outcome, and whose cause is the
   * failure that came first; without any task its cause is a {@link
   * java.util.NoSuchElementException}. As everywhere, the future completes after the others have
   * ended; {@link #grace} bounds that wait. {@link #onFailure} is not asked for.
   *
   * @return the future of the value
   * @throws IllegalStateException if the scope is closed or the engine is missing
   */
  public GatherFuture<T> any() {
    return start(
        Plan.Wanted.SUCCESSES,
        1,
        successes -> Arrivals.<T>completions(successes).get(0).getOrThrow());
  }

  /**
   * Starts everything and gives the first so many successes, in the order in which they came, each
   * with its position in the input; the other tasks are then cancelled.
   *
   * <p>It fails as soon as too many tasks have failed, with a {@link dev.gather.GatherException} as
   * {@link #any} does; at the deadline ({@link #timeout}) with one that has what there was, and
   * whose cause is a {@link dev.gather.GatherTimeoutException}.
   *
   * @param successes at least 1
   * @return the future of exactly so many successes; the list is unmodifiable
   * @throws IllegalArgumentException if {@code successes} is less than 1
   * @throws IllegalStateException if the scope is closed or the engine is missing
   */
  public GatherFuture<List<Completed<T>>> atLeast(int successes) {
    if (successes < 1) {
      throw new IllegalArgumentException("successes must be at least 1, but was " + successes);
    }
    return start(Plan.Wanted.SUCCESSES, successes, Arrivals::completions);
  }

  /**
   * The results as they come, each as soon as its task has ended, with back-pressure. A failure is
   * a result like any other; nothing but the input itself, or the JVM, fails the publisher.
   *
   * <p>Each subscription is a new run, which starts with its first request. With a {@link #limit}
   * never more tasks are running, or have ended and wait to be requested, than that; without one,
   * no more tasks start than were requested. So the input may be without end. Results are signalled
   * on the thread that ended the task or on that which requests, one at a time.
   *
   * <p>Cancelling the subscription cancels what is running. At the deadline ({@link #timeout},
   * counted from the first request) what has not ended comes as cancelled, and then the end. {@link
   * #onFailure} is not asked for.
   *
   * @return the publisher; it may be subscribed to any number of times
   */
  public Flow.Publisher<Completed<T>> asCompleted() {
    return subscriber -> {
      Objects.requireNonNull(subscriber, "subscriber must not be null");
      CompletedSubscription.start(completions(), manner.scope(), subscriber);
    };
  }

  /**
   * The results as they come, for a plain loop: each step waits for the next result. Nothing starts
   * before the first step.
   *
   * <pre>{@code
   * try (Stream<Completed<Page>> pages = Gather.each(urls, this::fetch).limit(16).stream()) {
   *   pages.forEach(page -> System.out.println(page.index() + ": " + page.outcome()));
   * }
   * }</pre>
   *
   * <p>A failure is a result like any other. With a {@link #limit} never more tasks are running, or
   * have ended and wait for the loop, than that; without one everything starts at once. Closing the
   * stream cancels what is still running and waits for its end, at most for the {@link #grace} if
   * there is one: close it, unless the loop always goes through to the end. An interrupt of the
   * waiting thread cancels everything; the step then throws a {@link
   * java.util.concurrent.CancellationException} and leaves the interrupt flag set. A step that
   * waits while somebody else closes the stream throws one as well. If reading the input throws, so
   * does the step, with a {@link dev.gather.GatherException}. At the deadline what has not ended
   * comes as cancelled, and then the end.
   *
   * @return a sequential stream, to be used by one thread
   * @throws IllegalStateException if the scope is closed or the engine is missing
   */
  public Stream<Completed<T>> stream() {
    CompletedSpliterator<T> results = new CompletedSpliterator<>(completions(), manner.scope());
    return StreamSupport.stream(results, false).onClose(results::close);
  }

  @SuppressWarnings("unchecked") // the engine's list holds them
  private static <E extends @Nullable Object> List<Completed<E>> completions(List<?> results) {
    return (List<Completed<E>>) results;
  }

  private Plan completions() {
    return plan(manner.isOrdered() ? Plan.Wanted.COMPLETIONS_IN_ORDER : Plan.Wanted.COMPLETIONS, 0);
  }
}

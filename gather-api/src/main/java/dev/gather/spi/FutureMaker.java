package dev.gather.spi;

import dev.gather.threads.Station;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The futures of the Java door, for the bridge: there the constructors and what completes a future
 * from the inside are nobody's business but its own.
 */
public interface FutureMaker {
  /**
   * What is registered with context-propagation, and the context class loader, of the calling
   * thread.
   *
   * @return them as they are now
   */
  CallerContext callerContext();

  /**
   * What there is for the coroutines of a scope, which cancels it when it is closed, and waits.
   *
   * @param scope a {@code GatherScope}
   * @param maker called the first time
   * @return the same each time
   * @throws IllegalStateException if the scope is closed, and there was none
   */
  Owned attached(AutoCloseable scope, Supplier<? extends Owned> maker);

  /**
   * A {@code GatherScope} whose gathers are parts of something else, too.
   *
   * @param name for messages
   * @param owner waits for them, and cancels them
   * @param isOver whether it takes no more
   * @return the scope
   */
  AutoCloseable newScope(String name, Station.Parent owner, BooleanSupplier isOver);

  /**
   * What the calling thread is inside of, and the gathers and calls that those are parts of.
   *
   * @return what stands for each
   */
  List<Object> surroundings();

  /**
   * A {@code GatherFuture}.
   *
   * @param life what it is the handle to
   * @param <R> the type of its result
   * @return the future that {@link Life#isRoot} is to know
   */
  <R extends @Nullable Object> CompletableFuture<R> newFuture(Life life);

  /**
   * What a {@code GatherFuture} is the handle to.
   *
   * @param future any, also a stage that is derived from another
   * @return what was given to {@link #newFuture} for it, or for the one that it is derived from
   */
  Life lifeOf(CompletableFuture<?> future);

  /**
   * Completes a future as its life does, which cancels nothing.
   *
   * @param future one of {@link #newFuture}
   * @param value the result
   * @param <R> the type of it
   * @return whether it was not complete
   */
  <R extends @Nullable Object> boolean succeed(CompletableFuture<R> future, R value);

  /**
   * Completes a future as its life does, which cancels nothing.
   *
   * @param future one of {@link #newFuture}
   * @param failure why there is no result; a cancellation cancels the future
   * @return whether it was not complete
   */
  boolean fail(CompletableFuture<?> future, Throwable failure);

  /**
   * Calls the action when the future is done, before the dependents that it has by now.
   *
   * @param future one of {@link #newFuture}
   * @param action what to call
   */
  void whenDone(CompletableFuture<?> future, Runnable action);

  /**
   * Cancels a future for somebody who has more to cancel, and waits for the end after that.
   *
   * @param future one of {@link #newFuture}
   */
  void cancelAsOwner(CompletableFuture<?> future);

  /**
   * A future that nobody can complete but {@link #end}.
   *
   * @param hasEnded asked by everybody who looks at it
   * @return what {@link Life#terminatedFuture} is to return
   */
  CompletableFuture<@Nullable Void> newEnd(BooleanSupplier hasEnded);

  /**
   * Waits for an end that follows from a cancel, which an interrupt cannot hasten; the thread has
   * its flag afterwards. Not for what waits for this thread, perhaps through others.
   *
   * @param call what it is the end of
   * @param end never fails
   * @param atMost how long; null for ever
   */
  void await(Object call, CompletableFuture<@Nullable Void> end, @Nullable Duration atMost);

  /**
   * The end has come.
   *
   * @param end one of {@link #newEnd}
   */
  void end(CompletableFuture<@Nullable Void> end);
}

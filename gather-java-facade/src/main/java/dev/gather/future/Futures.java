package dev.gather.future;

import dev.gather.spi.CallerContext;
import dev.gather.spi.FutureMaker;
import dev.gather.spi.Life;
import dev.gather.spi.Owned;
import dev.gather.threads.Station;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets the bridge make and complete futures of this door. */
final class Futures implements FutureMaker {
  @Override
  public CallerContext callerContext() {
    return CapturedContext.ofCaller(null);
  }

  @Override
  public Owned attached(AutoCloseable scope, Supplier<? extends Owned> maker) {
    return ((GatherScope) scope).attached(maker);
  }

  @Override
  public AutoCloseable newScope(String name, Station.Parent owner, BooleanSupplier isOver) {
    return GatherScope.inside(name, owner, isOver);
  }

  @Override
  public List<Object> surroundings() {
    return Closing.surroundings();
  }

  @Override
  public <R extends @Nullable Object> CompletableFuture<R> newFuture(Life life) {
    return new GatherFuture<>(life);
  }

  @Override
  public Life lifeOf(CompletableFuture<?> future) {
    return ((GatherFuture<?>) future).life;
  }

  @Override
  public <R extends @Nullable Object> boolean succeed(CompletableFuture<R> future, R value) {
    return ((GatherFuture<R>) future).deliver(value);
  }

  @Override
  public boolean fail(CompletableFuture<?> future, Throwable failure) {
    return ((GatherFuture<?>) future).deliverFailure(failure);
  }

  @Override
  public void whenDone(CompletableFuture<?> future, Runnable action) {
    ((GatherFuture<?>) future).whenDone(action);
  }

  @Override
  public void cancelAsOwner(CompletableFuture<?> future) {
    ((GatherFuture<?>) future).cancelAsOwner();
  }

  @Override
  public CompletableFuture<@Nullable Void> newEnd(BooleanSupplier hasEnded) {
    return new Terminated(hasEnded);
  }

  @Override
  public void await(Object call, CompletableFuture<@Nullable Void> end, @Nullable Duration atMost) {
    Closing.await(call, end, atMost);
  }

  @Override
  public void end(CompletableFuture<@Nullable Void> end) {
    ((Terminated) end).end();
  }
}

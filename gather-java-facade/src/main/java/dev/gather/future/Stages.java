package dev.gather.future;

import dev.gather.spi.Life;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/**
 * What is derived from the future of a gather is a future of that gather, and here the type says
 * so: the same methods as in the JDK, and nothing but another return type. Those that take a second
 * stage are in {@link StagesOfTwo}. To users all of them are those of {@link GatherFuture}; see
 * {@link Configured} for why none is final.
 *
 * <p>Unmarked since the JDK does not say either what may be null, and callers in Kotlin rely on it.
 *
 * @param <R> the type of the result; it may be nullable
 */
@NullUnmarked
abstract sealed class Stages<R extends @Nullable Object> extends StagesOfTwo<R>
    permits GatherFuture {
  Stages(Life life) {
    super(life);
  }

  @Override
  public <U> GatherFuture<U> thenApply(Function<? super R, ? extends U> fn) {
    return own(super.thenApply(fn));
  }

  @Override
  public <U> GatherFuture<U> thenApplyAsync(Function<? super R, ? extends U> fn) {
    return own(super.thenApplyAsync(fn));
  }

  @Override
  public <U> GatherFuture<U> thenApplyAsync(
      Function<? super R, ? extends U> fn, Executor executor) {
    return own(super.thenApplyAsync(fn, executor));
  }

  @Override
  public GatherFuture<Void> thenAccept(Consumer<? super R> action) {
    return own(super.thenAccept(action));
  }

  @Override
  public GatherFuture<Void> thenAcceptAsync(Consumer<? super R> action) {
    return own(super.thenAcceptAsync(action));
  }

  @Override
  public GatherFuture<Void> thenAcceptAsync(Consumer<? super R> action, Executor executor) {
    return own(super.thenAcceptAsync(action, executor));
  }

  @Override
  public GatherFuture<Void> thenRun(Runnable action) {
    return own(super.thenRun(action));
  }

  @Override
  public GatherFuture<Void> thenRunAsync(Runnable action) {
    return own(super.thenRunAsync(action));
  }

  @Override
  public GatherFuture<Void> thenRunAsync(Runnable action, Executor executor) {
    return own(super.thenRunAsync(action, executor));
  }

  @Override
  public <U> GatherFuture<U> handle(BiFunction<? super R, Throwable, ? extends U> fn) {
    return own(super.handle(fn));
  }

  @Override
  public <U> GatherFuture<U> handleAsync(BiFunction<? super R, Throwable, ? extends U> fn) {
    return own(super.handleAsync(fn));
  }

  @Override
  public <U> GatherFuture<U> handleAsync(
      BiFunction<? super R, Throwable, ? extends U> fn, Executor executor) {
    return own(super.handleAsync(fn, executor));
  }

  @Override
  public GatherFuture<R> whenComplete(BiConsumer<? super R, ? super Throwable> action) {
    return own(super.whenComplete(action));
  }

  @Override
  public GatherFuture<R> whenCompleteAsync(BiConsumer<? super R, ? super Throwable> action) {
    return own(super.whenCompleteAsync(action));
  }

  @Override
  public GatherFuture<R> whenCompleteAsync(
      BiConsumer<? super R, ? super Throwable> action, Executor executor) {
    return own(super.whenCompleteAsync(action, executor));
  }

  @Override
  public <U> GatherFuture<U> thenCompose(Function<? super R, ? extends CompletionStage<U>> fn) {
    return own(super.thenCompose(fn));
  }

  @Override
  public <U> GatherFuture<U> thenComposeAsync(
      Function<? super R, ? extends CompletionStage<U>> fn) {
    return own(super.thenComposeAsync(fn));
  }

  @Override
  public <U> GatherFuture<U> thenComposeAsync(
      Function<? super R, ? extends CompletionStage<U>> fn, Executor executor) {
    return own(super.thenComposeAsync(fn, executor));
  }

  @Override
  public GatherFuture<R> exceptionally(Function<Throwable, ? extends R> fn) {
    return own(super.exceptionally(fn));
  }

  @Override
  public GatherFuture<R> exceptionallyAsync(Function<Throwable, ? extends R> fn) {
    return own(super.exceptionallyAsync(fn));
  }

  @Override
  public GatherFuture<R> exceptionallyAsync(
      Function<Throwable, ? extends R> fn, Executor executor) {
    return own(super.exceptionallyAsync(fn, executor));
  }

  @Override
  public GatherFuture<R> exceptionallyCompose(
      Function<Throwable, ? extends CompletionStage<R>> fn) {
    return own(super.exceptionallyCompose(fn));
  }

  @Override
  public GatherFuture<R> exceptionallyComposeAsync(
      Function<Throwable, ? extends CompletionStage<R>> fn) {
    return own(super.exceptionallyComposeAsync(fn));
  }

  @Override
  public GatherFuture<R> exceptionallyComposeAsync(
      Function<Throwable, ? extends CompletionStage<R>> fn, Executor executor) {
    return own(super.exceptionallyComposeAsync(fn, executor));
  }

  @Override
  public GatherFuture<R> copy() {
    return own(super.copy());
  }

  @Override
  public GatherFuture<R> toCompletableFuture() {
    return own(super.toCompletableFuture());
  }

  @Override
  public GatherFuture<R> completeAsync(Supplier<? extends R> supplier) {
    return own(super.completeAsync(supplier));
  }
}

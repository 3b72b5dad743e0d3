package dev.gather.future;

import dev.gather.spi.Life;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/**
 * The methods of {@link Stages} that take a second stage. What they derive belongs to the gather of
 * the first.
 *
 * @param <R> the type of the result; it may be nullable
 */
@NullUnmarked
abstract sealed class StagesOfTwo<R extends @Nullable Object> extends CompletableFuture<R>
    permits Stages {
  final Life life;

  StagesOfTwo(Life life) {
    this.life = life;
  }

  /** All that is derived comes from {@link GatherFuture#newIncompleteFuture()}. */
  static <U extends @Nullable Object> GatherFuture<U> own(CompletableFuture<U> derived) {
    return (GatherFuture<U>) derived;
  }

  /** Where the other stage is done the JDK derives from that, and does so at once or soon. */
  private <U extends @Nullable Object> GatherFuture<U> ownOfEither(CompletableFuture<U> derived) {
    if (derived instanceof GatherFuture<U> future && future.life == life) {
      return future;
    }
    GatherFuture<U> future = new GatherFuture<>(life);
    derived.whenComplete(
        (value, failure) -> {
          if (failure == null) {
            future.deliver(value);
          } else {
            future.deliverFailure(failure);
          }
        });
    return future;
  }

  @Override
  public <U, V> GatherFuture<V> thenCombine(
      CompletionStage<? extends U> other, BiFunction<? super R, ? super U, ? extends V> fn) {
    return own(super.thenCombine(other, fn));
  }

  @Override
  public <U, V> GatherFuture<V> thenCombineAsync(
      CompletionStage<? extends U> other, BiFunction<? super R, ? super U, ? extends V> fn) {
    return own(super.thenCombineAsync(other, fn));
  }

  @Override
  public <U, V> GatherFuture<V> thenCombineAsync(
      CompletionStage<? extends U> other,
      BiFunction<? super R, ? super U, ? extends V> fn,
      Executor executor) {
    return own(super.thenCombineAsync(other, fn, executor));
  }

  @Override
  public <U> GatherFuture<Void> thenAcceptBoth(
      CompletionStage<? extends U> other, BiConsumer<? super R, ? super U> action) {
    return own(super.thenAcceptBoth(other, action));
  }

  @Override
  public <U> GatherFuture<Void> thenAcceptBothAsync(
      CompletionStage<? extends U> other, BiConsumer<? super R, ? super U> action) {
    return own(super.thenAcceptBothAsync(other, action));
  }

  @Override
  public <U> GatherFuture<Void> thenAcceptBothAsync(
      CompletionStage<? extends U> other,
      BiConsumer<? super R, ? super U> action,
      Executor executor) {
    return own(super.thenAcceptBothAsync(other, action, executor));
  }

  @Override
  public GatherFuture<Void> runAfterBoth(CompletionStage<?> other, Runnable action) {
    return own(super.runAfterBoth(other, action));
  }

  @Override
  public GatherFuture<Void> runAfterBothAsync(CompletionStage<?> other, Runnable action) {
    return own(super.runAfterBothAsync(other, action));
  }

  @Override
  public GatherFuture<Void> runAfterBothAsync(
      CompletionStage<?> other, Runnable action, Executor executor) {
    return own(super.runAfterBothAsync(other, action, executor));
  }

  @Override
  public <U> GatherFuture<U> applyToEither(
      CompletionStage<? extends R> other, Function<? super R, U> fn) {
    return ownOfEither(super.applyToEither(other, fn));
  }

  @Override
  public <U> GatherFuture<U> applyToEitherAsync(
      CompletionStage<? extends R> other, Function<? super R, U> fn) {
    return ownOfEither(super.applyToEitherAsync(other, fn));
  }

  @Override
  public <U> GatherFuture<U> applyToEitherAsync(
      CompletionStage<? extends R> other, Function<? super R, U> fn, Executor executor) {
    return ownOfEither(super.applyToEitherAsync(other, fn, executor));
  }

  @Override
  public GatherFuture<Void> acceptEither(
      CompletionStage<? extends R> other, Consumer<? super R> action) {
    return ownOfEither(super.acceptEither(other, action));
  }

  @Override
  public GatherFuture<Void> acceptEitherAsync(
      CompletionStage<? extends R> other, Consumer<? super R> action) {
    return ownOfEither(super.acceptEitherAsync(other, action));
  }

  @Override
  public GatherFuture<Void> acceptEitherAsync(
      CompletionStage<? extends R> other, Consumer<? super R> action, Executor executor) {
    return ownOfEither(super.acceptEitherAsync(other, action, executor));
  }

  @Override
  public GatherFuture<Void> runAfterEither(CompletionStage<?> other, Runnable action) {
    return ownOfEither(super.runAfterEither(other, action));
  }

  @Override
  public GatherFuture<Void> runAfterEitherAsync(CompletionStage<?> other, Runnable action) {
    return ownOfEither(super.runAfterEitherAsync(other, action));
  }

  @Override
  public GatherFuture<Void> runAfterEitherAsync(
      CompletionStage<?> other, Runnable action, Executor executor) {
    return ownOfEither(super.runAfterEitherAsync(other, action, executor));
  }
}

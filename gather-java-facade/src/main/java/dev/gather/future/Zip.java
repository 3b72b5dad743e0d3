package dev.gather.future;

import dev.gather.CheckReturnValue;
import dev.gather.GatherOptions;
import dev.gather.spi.Work;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@code Gather.zip} for two bodies and up to four, with those for more in {@link ZipOfMore}: the
 * same thing over and over, since Java has no type for "any number of types". {@link Gather}
 * inherits them, and users know them by that name only.
 *
 * @param <G> the type itself
 * @param <T> the type of the results
 */
@CheckReturnValue
abstract sealed class Zip<G, T extends @Nullable Object> extends Doing<G, T> permits ZipOfMore {
  Zip(Iterable<? extends Work> works, List<Task<?>> tasks, Manner manner) {
    super(works, tasks, manner);
  }

  /**
   * Runs two blocking bodies of different types concurrently and combines their values: {@link
   * Gather#of(Task[])} and {@link Gather#combine} with default options in one call. It starts at
   * once.
   *
   * @param a body a
   * @param b body b
   * @param combine called once with the values, when all bodies have succeeded
   * @param <A> the type of its result
   * @param <B> the type of its result
   * @param <R> the type of what they are combined to
   * @return the combined value, or the first failure as from {@link Gather#all}
   */
  public static <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      GatherFuture<R> zip(
          Callable<? extends A> a,
          Callable<? extends B> b,
          BiFunction<? super A, ? super B, ? extends R> combine) {
    return zip(GatherOptions.defaults(), a, b, combine);
  }

  /**
   * Runs two blocking bodies of different types concurrently and combines their values: {@link
   * Gather#of(Task[])} and {@link Gather#combine} in one call, run as the options say. It starts at
   * once.
   *
   * @param options how to run
   * @param a body a
   * @param b body b
   * @param combine called once with the values, when all bodies have succeeded
   * @param <A> the type of its result
   * @param <B> the type of its result
   * @param <R> the type of what they are combined to
   * @return the combined value, or the first failure as from {@link Gather#all}
   */
  public static <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      GatherFuture<R> zip(
          GatherOptions options,
          Callable<? extends A> a,
          Callable<? extends B> b,
          BiFunction<? super A, ? super B, ? extends R> combine) {
    Objects.requireNonNull(options, "options must not be null");
    Objects.requireNonNull(combine, "combine must not be null");
    Task<A> tA = Task.of(Objects.requireNonNull(a, "a must not be null"));
    Task<B> tB = Task.of(Objects.requireNonNull(b, "b must not be null"));
    return Gather.<@Nullable Object>of(tA, tB)
        .with(options)
        .combine(r -> combine.apply(r.get(tA), r.get(tB)));
  }

  /**
   * Runs three blocking bodies of different types concurrently and combines their values: {@link
   * Gather#of(Task[])} and {@link Gather#combine} with default options in one call. It starts at
   * once.
   *
   * @param a body a
   * @param b body b
   * @param c body c
   * @param combine called once with the values, when all bodies have succeeded
   * @param <A> the type of its result
   * @param <B> the type of its result
   * @param <C> the type of its result
   * @param <R> the type of what they are combined to
   * @return the combined value, or the first failure as from {@link Gather#all}
   */
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      GatherFuture<R> zip(
          Callable<? extends A> a,
          Callable<? extends B> b,
          Callable<? extends C> c,
          Function3<? super A, ? super B, ? super C, ? extends R> combine) {
    return zip(GatherOptions.defaults(), a, b, c, combine);
  }

  /**
   * Runs three blocking bodies of different types concurrently and combines their values: {@link
   * Gather#of(Task[])} and {@link Gather#combine} in one call, run as the options say. It starts at
   * once.
   *
   * @param options how to run
   * @param a body a
   * @param b body b
   * @param c body c
   * @param combine called once with the values, when all bodies have succeeded
   * @param <A> the type of its result
   * @param <B> the type of its result
   * @param <C> the type of its result
   * @param <R> the type of what they are combined to
   * @return the combined value, or the first failure as from {@link Gather#all}
   */
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      GatherFuture<R> zip(
          GatherOptions options,
          Callable<? extends A> a,
          Callable<? extends B> b,
          Callable<? extends C> c,
          Function3<? super A, ? super B, ? super C, ? extends R> combine) {
    Objects.requireNonNull(options, "options must not be null");
    Objects.requireNonNull(combine, "combine must not be null");
    Task<A> tA = Task.of(Objects.requireNonNull(a, "a must not be null"));
    Task<B> tB = Task.of(Objects.requireNonNull(b, "b must not be null"));
    Task<C> tC = Task.of(Objects.requireNonNull(c, "c must not be null"));
    return Gather.<@Nullable Object>of(tA, tB, tC)
        .with(options)
        .combine(r -> combine.apply(r.get(tA), r.get(tB), r.get(tC)));
  }

  /**
   * Runs four blocking bodies of different types concurrently and combines their values: {@link
   * Gather#of(Task[])} and {@link Gather#combine} with default options in one call. It starts at
   * once.
   *
   * @param a body a
   * @param b body b
   * @param c body c
   * @param d body d
   * @param combine called once with the values, when all bodies have succeeded
   * @param <A> the type of its result
   * @param <B> the type of its result
   * @param <C> the type of its result
   * @param <D> the type of its result
   * @param <R> the type of what they are combined to
   * @return the combined value, or the first failure as from {@link Gather#all}
   */
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      GatherFuture<R> zip(
          Callable<? extends A> a,
          Callable<? extends B> b,
          Callable<? extends C> c,
          Callable<? extends D> d,
          Function4<? super A, ? super B, ? super C, ? super D, ? extends R> combine) {
    return zip(GatherOptions.defaults(), a, b, c, d, combine);
  }

  /**
   * Runs four blocking bodies of different types concurrently and combines their values: {@link
   * Gather#of(Task[])} and {@link Gather#combine} in one call, run as the options say. It starts at
   * once.
   *
   * @param options how to run
   * @param a body a
   * @param b body b
   * @param c body c
   * @param d body d
   * @param combine called once with the values, when all bodies have succeeded
   * @param <A> the type of its result
   * @param <B> the type of its result
   * @param <C> the type of its result
   * @param <D> the type of its result
   * @param <R> the type of what they are combined to
   * @return the combined value, or the first failure as from {@link Gather#all}
   */
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      GatherFuture<R> zip(
          GatherOptions options,
          Callable<? extends A> a,
          Callable<? extends B> b,
          Callable<? extends C> c,
          Callable<? extends D> d,
          Function4<? super A, ? super B, ? super C, ? super D, ? extends R> combine) {
    Objects.requireNonNull(options, "options must not be null");
    Objects.requireNonNull(combine, "combine must not be null");
    Task<A> tA = Task.of(Objects.requireNonNull(a, "a must not be null"));
    Task<B> tB = Task.of(Objects.requireNonNull(b, "b must not be null"));
    Task<C> tC = Task.of(Objects.requireNonNull(c, "c must not be null"));
    Task<D> tD = Task.of(Objects.requireNonNull(d, "d must not be null"));
    return Gather.<@Nullable Object>of(tA, tB, tC, tD)
        .with(options)
        .combine(r -> combine.apply(r.get(tA), r.get(tB), r.get(tC), r.get(tD)));
  }
}

package dev.gather.future;

import dev.gather.CheckReturnValue;
import dev.gather.GatherOptions;
import dev.gather.spi.Work;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * {@code Gather.zip} for five bodies and six; see {@link Zip}.
 *
 * @param <G> the type itself
 * @param <T> the type of the results
 */
@CheckReturnValue
abstract sealed class ZipOfMore<G, T extends @Nullable Object> extends Zip<G, T> permits Gather {
  ZipOfMore(Iterable<? extends Work> works, List<Task<?>> tasks, Manner manner) {
    super(works, tasks, manner);
  }

  /**
   * Runs five blocking bodies of different types concurrently and combines their values: {@link
   * Gather#of(Task[])} and {@link Gather#combine} with default options in one call. It starts at
   * once.
   *
   * @param a body a
   * @param b body b
   * @param c body c
   * @param d body d
   * @param e body e
   * @param combine called once with the values, when all bodies have succeeded
   * @param <A> the type of its result
   * @param <B> the type of its result
   * @param <C> the type of its result
   * @param <D> the type of its result
   * @param <E> the type of its result
   * @param <R> the type of what they are combined to
   * @return the combined value, or the first failure as from {@link Gather#all}
   */
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      GatherFuture<R> zip(
          Callable<? extends A> a,
          Callable<? extends B> b,
          Callable<? extends C> c,
          Callable<? extends D> d,
          Callable<? extends E> e,
          Function5<? super A, ? super B, ? super C, ? super D, ? super E, ? extends R> combine) {
    return zip(GatherOptions.defaults(), a, b, c, d, e, combine);
  }

  /**
   * Runs five blocking bodies of different types concurrently and combines their values: {@link
   * Gather#of(Task[])} and {@link Gather#combine} in one call, run as the options say. It starts at
   * once.
   *
   * @param options how to run
   * @param a body a
   * @param b body b
   * @param c body c
   * @param d body d
   * @param e body e
   * @param combine called once with the values, when all bodies have succeeded
   * @param <A> the type of its result
   * @param <B> the type of its result
   * @param <C> the type of its result
   * @param <D> the type of its result
   * @param <E> the type of its result
   * @param <R> the type of what they are combined to
   * @return the combined value, or the first failure as from {@link Gather#all}
   */
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      GatherFuture<R> zip(
          GatherOptions options,
          Callable<? extends A> a,
          Callable<? extends B> b,
          Callable<? extends C> c,
          Callable<? extends D> d,
          Callable<? extends E> e,
          Function5<? super A, ? super B, ? super C, ? super D, ? super E, ? extends R> combine) {
    Objects.requireNonNull(options, "options must not be null");
    Objects.requireNonNull(combine, "combine must not be null");
    Task<A> tA = Task.of(Objects.requireNonNull(a, "a must not be null"));
    Task<B> tB = Task.of(Objects.requireNonNull(b, "b must not be null"));
    Task<C> tC = Task.of(Objects.requireNonNull(c, "c must not be null"));
    Task<D> tD = Task.of(Objects.requireNonNull(d, "d must not be null"));
    Task<E> tE = Task.of(Objects.requireNonNull(e, "e must not be null"));
    return Gather.<@Nullable Object>of(tA, tB, tC, tD, tE)
        .with(options)
        .combine(r -> combine.apply(r.get(tA), r.get(tB), r.get(tC), r.get(tD), r.get(tE)));
  }

  /**
   * Runs six blocking bodies of different types concurrently and combines their values: {@link
   * Gather#of(Task[])} and {@link Gather#combine} with default options in one call. It starts at
   * once.
   *
   * @param a body a
   * @param b body b
   * @param c body c
   * @param d body d
   * @param e body e
   * @param f body f
   * @param combine called once with the values, when all bodies have succeeded
   * @param <A> the type of its result
   * @param <B> the type of its result
   * @param <C> the type of its result
   * @param <D> the type of its result
   * @param <E> the type of its result
   * @param <F> the type of its result
   * @param <R> the type of what they are combined to
   * @return the combined value, or the first failure as from {@link Gather#all}
   */
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          F extends @Nullable Object,
          R extends @Nullable Object>
      GatherFuture<R> zip(
          Callable<? extends A> a,
          Callable<? extends B> b,
          Callable<? extends C> c,
          Callable<? extends D> d,
          Callable<? extends E> e,
          Callable<? extends F> f,
          Function6<? super A, ? super B, ? super C, ? super D, ? super E, ? super F, ? extends R>
              combine) {
    return zip(GatherOptions.defaults(), a, b, c, d, e, f, combine);
  }

  /**
   * Runs six blocking bodies of different types concurrently and combines their values: {@link
   * Gather#of(Task[])} and {@link Gather#combine} in one call, run as the options say. It starts at
   * once.
   *
   * @param options how to run
   * @param a body a
   * @param b body b
   * @param c body c
   * @param d body d
   * @param e body e
   * @param f body f
   * @param combine called once with the values, when all bodies have succeeded
   * @param <A> the type of its result
   * @param <B> the type of its result
   * @param <C> the type of its result
   * @param <D> the type of its result
   * @param <E> the type of its result
   * @param <F> the type of its result
   * @param <R> the type of what they are combined to
   * @return the combined value, or the first failure as from {@link Gather#all}
   */
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          F extends @Nullable Object,
          R extends @Nullable Object>
      GatherFuture<R> zip(
          GatherOptions options,
          Callable<? extends A> a,
          Callable<? extends B> b,
          Callable<? extends C> c,
          Callable<? extends D> d,
          Callable<? extends E> e,
          Callable<? extends F> f,
          Function6<? super A, ? super B, ? super C, ? super D, ? super E, ? super F, ? extends R>
              combine) {
    Objects.requireNonNull(options, "options must not be null");
    Objects.requireNonNull(combine, "combine must not be null");
    Task<A> tA = Task.of(Objects.requireNonNull(a, "a must not be null"));
    Task<B> tB = Task.of(Objects.requireNonNull(b, "b must not be null"));
    Task<C> tC = Task.of(Objects.requireNonNull(c, "c must not be null"));
    Task<D> tD = Task.of(Objects.requireNonNull(d, "d must not be null"));
    Task<E> tE = Task.of(Objects.requireNonNull(e, "e must not be null"));
    Task<F> tF = Task.of(Objects.requireNonNull(f, "f must not be null"));
    return Gather.<@Nullable Object>of(tA, tB, tC, tD, tE, tF)
        .with(options)
        .combine(
            r -> combine.apply(r.get(tA), r.get(tB), r.get(tC), r.get(tD), r.get(tE), r.get(tF)));
  }
}

package dev.gather.future;

import org.jspecify.annotations.Nullable;

/**
 * A function of six arguments, for {@link Gather#zip}.
 *
 * @param <A> the type of argument a
 * @param <B> the type of argument b
 * @param <C> the type of argument c
 * @param <D> the type of argument d
 * @param <E> the type of argument e
 * @param <F> the type of argument f
 * @param <R> the type of the result
 */
@FunctionalInterface
public interface Function6<
    A extends @Nullable Object,
    B extends @Nullable Object,
    C extends @Nullable Object,
    D extends @Nullable Object,
    E extends @Nullable Object,
    F extends @Nullable Object,
    R extends @Nullable Object> {
  /**
   * Applies this function.
   *
   * @param a argument a
   * @param b argument b
   * @param c argument c
   * @param d argument d
   * @param e argument e
   * @param f argument f
   * @return the result
   */
  R apply(A a, B b, C c, D d, E e, F f);
}

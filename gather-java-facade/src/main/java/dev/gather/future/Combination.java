package dev.gather.future;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls code of the user with the results, who has them from then on, whatever it makes of them.
 */
@FunctionalInterface
interface Combination<R extends @Nullable Object> extends Function<List<?>, R> {}

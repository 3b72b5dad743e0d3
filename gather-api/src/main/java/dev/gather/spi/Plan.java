package dev.gather.spi;

import dev.gather.GatherOptions;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Everything the engine has to know about one gather of the Java door.
 *
 * @param works the tasks; a {@link java.util.List} is taken as it is, anything else is read lazily,
 *     by one thread at a time
 * @param areMade whether a list makes its works when it is asked for them: then it is asked for
 *     each just once, but perhaps by several threads at the same time
 * @param mayRepeat whether the same task may stand in several places; then {@code works} is a list
 * @param wanted what the result is
 * @param enough how many successes are wanted, if that is what is wanted
 * @param options how to run
 * @param bodies where bodies run
 * @param isolated whether each body has a thread of the executor for itself
 * @param context what code of the user finds in its thread
 * @param release what becomes of values that nobody gets; null for nothing
 */
public record Plan(
    Iterable<? extends Work> works,
    boolean areMade,
    boolean mayRepeat,
    Wanted wanted,
    int enough,
    GatherOptions options,
    Executor bodies,
    boolean isolated,
    CallerContext context,
    @Nullable Release release) {

  /** What a gather is for. */
  public enum Wanted {
    /** Every value in input order, or the first failure. */
    VALUES,
    /** Every outcome in input order. */
    OUTCOMES,
    /** The first successes, as {@link dev.gather.Completed}. */
    SUCCESSES,
    /** Each {@link dev.gather.Completed} as it comes. */
    COMPLETIONS,
    /** The same, but a success waits for those before it in the input. */
    COMPLETIONS_IN_ORDER
  }
}

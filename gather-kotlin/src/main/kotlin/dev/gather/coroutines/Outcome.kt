package dev.gather.coroutines

import dev.gather.Outcome
import java.util.concurrent.CompletionException
import kotlin.coroutines.cancellation.CancellationException

// What dev.gather.Outcome has as members, getOrNull(), map, fold, is not repeated here.

/**
 * The value; else the task's own exception is thrown, the same instance, so that `catch (e: IOException)` works.
 * (`getOrThrow()` is the member, which throws as Java's `join()` does.)
 *
 * @throws CompletionException if the task was cancelled; its cause is a `CancellationException` that says why. That is
 *   never thrown as it is: whoever asks has not been cancelled, and would end in silence
 */
public fun <T> Outcome<T>.valueOrThrow(): T =
    when (this) {
        is Outcome.Success -> value
        else -> throw exception()
    }

/**
 * The value, or that of [other], which is called only if there is none, with what [valueOrThrow] would throw.
 *
 * ```
 * val orders = outcome.getOrElse { error -> log(error); emptyList() }
 * ```
 *
 * An outcome whose values are of type `Any` has a member for any argument: there it is `getOrElseGet { }`.
 */
public inline fun <T> Outcome<T>.getOrElse(other: (exception: Throwable) -> T): T =
    toResult().getOrElse { other(it) }

/** The same as a [Result]: the value, or what [valueOrThrow] would throw. */
public fun <T> Outcome<T>.toResult(): Result<T> =
    when (this) {
        is Outcome.Success -> Result.success(value)
        else -> Result.failure(exception())
    }

/** What to throw where there is no value: nothing that a coroutine would take for its own cancellation. */
private fun Outcome<*>.exception(): Throwable {
    val failure = this as? Outcome.Failure ?: return thrownByMember()
    return if (failure.cause is CancellationException) CompletionException(failure.cause) else failure.cause
}

private fun Outcome<*>.thrownByMember(): Throwable =
    try {
        error("there is a value: ${getOrThrow()}")
    } catch (e: CompletionException) {
        e
    }

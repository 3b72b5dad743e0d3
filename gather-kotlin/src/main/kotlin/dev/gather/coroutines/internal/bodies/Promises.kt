package dev.gather.coroutines.internal.bodies

import kotlinx.coroutines.Deferred
import java.util.concurrent.CompletionStage
import java.util.concurrent.Future

// A body that returns something which may still be running has not done its work, and nobody would hear of a failure.

internal fun promisedByBlocking(value: Any?): Throwable? =
    promised(value, "eachAsync and Task.async wait for it, or the body does (join, get)")

internal fun promisedBySuspending(value: Any?): Throwable? = promised(value, "await() it in the body")

private fun promised(
    value: Any?,
    remedy: String,
): Throwable? {
    if (value !is Future<*> && value !is CompletionStage<*> && value !is Deferred<*>) return null
    val type = value.javaClass.simpleName
    return IllegalStateException("the body returned a $type, which may still be running: $remedy")
}

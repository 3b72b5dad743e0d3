package dev.gather.verification.guarantee

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import java.util.concurrent.CompletableFuture

/** Work that is running already, or done: a stage for Java, a Deferred for Kotlin. */
class Handle<T> {
    val stage = CompletableFuture<T>()
    val deferred = CompletableDeferred<T>()

    fun returns(value: T) =
        apply {
            stage.complete(value)
            deferred.complete(value)
        }

    fun throws(error: Throwable) =
        apply {
            stage.completeExceptionally(error)
            deferred.completeExceptionally(error)
        }

    @OptIn(ExperimentalCoroutinesApi::class)
    val isCancelled: Boolean
        get() =
            stage.isCancelled ||
                deferred.isCompleted && deferred.getCompletionExceptionOrNull() is CancellationException
}

package dev.gather.coroutines.internal.bodies

import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import java.util.concurrent.CompletionStage
import java.util.function.BiConsumer
import kotlin.coroutines.cancellation.CancellationException

// What can be known of a stage, and done about it.

/** What extends CompletableFuture and refuses its methods. */
private val MINIMAL: Class<*> = CompletableFuture.completedStage<Any?>(null).javaClass

/** Whether the stage is its own future. */
internal fun isFuture(stage: Any?): Boolean = stage is CompletableFuture<*> && stage.javaClass !== MINIMAL

/** Null for a stage that has none. One that is no future itself may have a new one each time, which hangs on it. */
internal fun futureOf(stage: CompletionStage<*>): CompletableFuture<*>? =
    try {
        stage.toCompletableFuture()
    } catch (_: Throwable) {
        null
    }

/** The stage as a future, if it is one and has a value. */
internal fun valueIn(stage: Any?): CompletableFuture<*>? =
    if (isFuture(stage)) (stage as CompletableFuture<*>).takeIf { it.isDone && !it.isCompletedExceptionally } else null

/**
 * Cancels a stage as far as it can be; whether it ends by that, be it later: a future may take its time, and whatever it
 * answers. What is no future itself is not known to hear of it.
 */
internal fun endsByCancel(stage: CompletionStage<*>): Boolean {
    if (stage.javaClass === MINIMAL) return false
    val future = futureOf(stage) ?: return false
    future.cancel(true)
    return future === stage
}

/** Not if it is another gather that has failed with the cancellation of one of its tasks. */
internal fun isCancelledElsewhere(error: Throwable?): Boolean =
    error is CancellationException ||
        (error?.javaClass == CompletionException::class.java && error.cause is CancellationException)

/** All that a stage keeps of a task that has ended before it. */
internal class StageLink(
    @Volatile var task: StageTask?,
) : BiConsumer<Any?, Throwable?> {
    override fun accept(
        value: Any?,
        error: Throwable?,
    ) {
        task?.accept(value, error)
    }
}

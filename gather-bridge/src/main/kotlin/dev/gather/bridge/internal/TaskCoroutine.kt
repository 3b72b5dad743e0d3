package dev.gather.bridge.internal

import java.util.concurrent.CompletableFuture

/** A call that is a task of a gather of the Java door. Its stage ends when it has ended, and not when it is cancelled. */
internal class TaskCoroutine<T>(
    calls: Calls,
) : DoorCoroutine<T>(calls, calls.surroundings()) {
    val stage: CompletableFuture<T> =
        object : CompletableFuture<T>() {
            /** What the gather awaits is the end that follows from this. */
            override fun cancel(mayInterruptIfRunning: Boolean): Boolean {
                this@TaskCoroutine.cancel(cancelledFromOutside())
                return true
            }
        }

    override fun succeeded(value: T) {
        stage.complete(value)
    }

    override fun failed(error: Throwable): Boolean = stage.completeExceptionally(error)
}

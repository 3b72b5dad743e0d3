package dev.gather.bridge.internal

import dev.gather.spi.ValueBehind
import kotlinx.coroutines.CoroutineScope
import java.util.concurrent.CompletableFuture

/** A call that is a task of a gather of the Java door. Its stage ends when it has ended, and not when it is cancelled. */
internal class TaskCoroutine<T>(
    calls: Calls,
) : DoorCoroutine<T>(calls, calls.surroundings()) {
    /** What the body has returned, which is not lost with a cancel. */
    @Volatile private var returned: Result<T>? = null

    val stage: CompletableFuture<T> =
        object : CompletableFuture<T>(), ValueBehind {
            override fun valueBehind(): Any? = returned?.getOrNull()

            /** What the gather awaits is the end that follows from this. */
            override fun cancel(mayInterruptIfRunning: Boolean): Boolean {
                if (isDone) return false
                this@TaskCoroutine.cancel(CancelledFromOutside())
                return true
            }
        }

    fun beginTask(block: suspend CoroutineScope.() -> T) = begin { block().also { returned = Result.success(it) } }

    override fun isOver(): Boolean = stage.isDone

    override fun cancelByOwner() = cancel(CancelledFromOutside())

    override fun succeeded(value: T) {
        tellOver()
        stage.complete(value)
    }

    override fun failed(error: Throwable): Boolean {
        tellOver()
        val value = returned
        if (value != null && error is CancelledFromOutside) return stage.complete(value.getOrThrow())
        return stage.completeExceptionally(error)
    }
}

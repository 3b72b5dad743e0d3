package dev.gather.bridge.internal

import kotlinx.coroutines.CoroutineScope
import kotlin.coroutines.cancellation.CancellationException

/** A call whose caller waits for it. */
internal class BlockingCoroutine<T>(
    calls: Calls,
    private val inbox: Inbox,
) : DoorCoroutine<T>(calls, calls.surroundings(), inbox.dispatcher.takeIf { calls.isOnItsDispatcher() }) {
    /** The value, or what was thrown, after the end of all that it has launched. */
    fun await(block: suspend CoroutineScope.() -> T): T {
        begin(block)
        val ended =
            try {
                inbox.take()
            } catch (_: InterruptedException) {
                cancel(CancellationException("the thread that waits for this call was interrupted"))
                inbox.takeAnyway()
                Thread.currentThread().interrupt()
                throw CancellationException("interrupted while waiting for $name")
            }
        @Suppress("UNCHECKED_CAST") // it is what this puts there
        return (ended as Ended<T>).result.getOrThrow()
    }

    private val name = calls.toString()

    override fun succeeded(value: T) = inbox.put(Ended(Result.success(value)))

    override fun failed(error: Throwable): Boolean {
        inbox.put(Ended<T>(Result.failure(error)))
        return true
    }

    private class Ended<T>(
        val result: Result<T>,
    )
}

package dev.gather.bridge.internal

import dev.gather.threads.Station
import kotlinx.coroutines.CoroutineScope
import kotlin.coroutines.cancellation.CancellationException

/** A call whose caller waits for it. */
internal class BlockingCoroutine<T> private constructor(
    private val calls: Calls,
    override val inbox: Inbox,
) : DoorCoroutine<T>(calls, calls.surroundings(), inbox),
    WaitedFor {
    constructor(calls: Calls) : this(calls, Inbox(calls))

    private val around = futures.surroundings()
    override val dispatcherOfWaiter = Surroundings.dispatcherHere()
    override val changesHands get() = false

    override fun around(): List<Any> = around

    /** The value, or what was thrown, after the end of all that it has launched. */
    fun await(block: suspend CoroutineScope.() -> T): T =
        try {
            inbox.take(this) { begin(block) }.value()
        } catch (_: InterruptedException) {
            try {
                endedThough().value()
            } finally {
                Thread.currentThread().interrupt()
            }
        }

    /** Why it was cancelled; of the one thread that waits, as the other. */
    private var interruption: CancellationException? = null
    private var hadEnded = false

    override fun cancelByWaiter() {
        if (interruption != null) return
        hadEnded = isCompleted
        interruption = CancellationException("interrupted while waiting for $calls").also(::cancel)
    }

    /** How it ends for a thread that was interrupted: it may have ended before. */
    private fun endedThough(): Any {
        cancelByWaiter()
        val ended = inbox.takeAnyway(this)
        val failure = (ended as Ended<*>).result.exceptionOrNull()
        if (hadEnded || failure == null) return ended
        val interrupted = interruption!!
        if (failure !is CancellationException) interrupted.addSuppressed(failure)
        return Ended<T>(Result.failure(interrupted))
    }

    @Suppress("UNCHECKED_CAST") // it is what this puts there
    private fun Any.value(): T = (this as Ended<T>).result.getOrThrow()

    /** A body in Java waits in any case, and is interrupted; when it cleans up after that it may call again. */
    override fun belongsTo(task: Station.Parent): Boolean = Surroundings.contextAt(task) != null

    override fun cancelByOwner() = cancel(CancelledWithBody())

    override fun succeeded(value: T) {
        tellOver()
        inbox.put(Ended(Result.success(value)))
    }

    override fun failed(error: Throwable): Boolean {
        tellOver()
        inbox.put(Ended<T>(Result.failure(error)))
        return true
    }

    private class Ended<T>(
        val result: Result<T>,
    )
}

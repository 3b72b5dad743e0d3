package dev.gather.bridge.internal

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.Flow
import java.util.Spliterator
import java.util.function.Consumer
import java.util.stream.Stream
import java.util.stream.StreamSupport
import kotlin.coroutines.cancellation.CancellationException

/** A call whose values are taken by a loop: each step asks for the next, and waits for it. */
internal class FlowReader<T> private constructor(
    private val calls: Calls,
    override val inbox: Inbox,
) : DoorCoroutine<Unit>(calls, calls.surroundings(), inbox),
    WaitedFor,
    Spliterator<T> {
    constructor(calls: Calls) : this(calls, Inbox(calls))

    private val around = futures.surroundings()
    override val dispatcherOfWaiter = Surroundings.dispatcherHere()
    override val changesHands get() = true

    private val demand = Demand()

    @Volatile private var isOver = false

    override fun around(): List<Any> = around

    fun stream(flow: suspend CoroutineScope.() -> Flow<T>): Stream<T> {
        begin {
            demand.awaitOne() // nothing happens before somebody reads
            var isFirst = true
            flow().collect {
                if (!isFirst) demand.awaitOne()
                isFirst = false
                inbox.put(Value(it))
            }
        }
        return StreamSupport.stream(this, false).onClose { close()?.let { throw it } }
    }

    override fun tryAdvance(action: Consumer<in T>): Boolean {
        if (isOver) return false
        val next =
            try {
                inbox.take(this) {
                    if (Thread.currentThread().isInterrupted) throw InterruptedException() // and nothing is asked for
                    demand.add(1)
                }
            } catch (_: InterruptedException) {
                val interrupted = CancellationException("interrupted while waiting for the next value of $calls")
                try {
                    close()?.let(interrupted::addSuppressed)
                } finally {
                    Thread.currentThread().interrupt()
                }
                throw interrupted
            }
        if (next is Value) {
            @Suppress("UNCHECKED_CAST") // it is what this puts there
            action.accept(next.value as T)
            return true
        }
        isOver = true
        (next as End).error?.let {
            inbox.put(End(null)) // for who closes the stream: it has been told
            throw it
        }
        inbox.put(next)
        return false
    }

    override fun cancelByWaiter() {
        isOver = true
        cancel(CancellationException("the stream was closed"))
    }

    /**
     * Cancels the flow and waits for its end; not for its own, where the flow itself closes what it is read by.
     *
     * @return what the flow has thrown meanwhile
     */
    private fun close(): Throwable? {
        cancelByWaiter()
        if (isAroundThread()) return null
        while (true) {
            val left = inbox.takeAnyway(this) as? End ?: continue
            inbox.put(End(CancellationException("the stream was closed"))) // for who closes it again, or still reads
            return left.error?.takeUnless { it is CancellationException }
        }
    }

    override fun cancelByOwner() = cancel(CancelledWithBody())

    /** Nobody may ever read it to its end. */
    override fun endsWithBody(): Boolean = true

    override fun succeeded(value: Unit) {
        tellOver()
        inbox.put(End(null))
    }

    override fun failed(error: Throwable): Boolean {
        tellOver()
        inbox.put(End(error))
        return true
    }

    override fun trySplit(): Spliterator<T>? = null

    override fun estimateSize(): Long = Long.MAX_VALUE

    override fun characteristics(): Int = Spliterator.ORDERED

    private class Value(
        val value: Any?,
    )

    private class End(
        val error: Throwable?,
    )
}

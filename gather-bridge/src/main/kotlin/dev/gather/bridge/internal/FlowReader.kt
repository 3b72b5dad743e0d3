package dev.gather.bridge.internal

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.Flow
import java.util.Spliterator
import java.util.function.Consumer
import java.util.stream.Stream
import java.util.stream.StreamSupport
import kotlin.coroutines.cancellation.CancellationException

/** A call whose values are taken by a loop: each step asks for the next, and waits for it. */
internal class FlowReader<T>(
    private val calls: Calls,
    private val inbox: Inbox,
) : DoorCoroutine<Unit>(calls, calls.surroundings(), inbox.dispatcher.takeIf { calls.isOnItsDispatcher() }),
    Spliterator<T> {
    private val demand = Demand()
    private var isOver = false // only used by who reads

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
        return StreamSupport.stream(this, false).onClose(::close)
    }

    override fun tryAdvance(action: Consumer<in T>): Boolean {
        if (isOver) return false
        demand.add(1)
        val next =
            try {
                inbox.take()
            } catch (_: InterruptedException) {
                close()
                Thread.currentThread().interrupt()
                throw CancellationException("interrupted while waiting for the next value of $calls")
            }
        if (next is Value) {
            @Suppress("UNCHECKED_CAST") // it is what this puts there
            action.accept(next.value as T)
            return true
        }
        isOver = true
        inbox.put(next) // for who closes the stream
        (next as End).error?.let { throw it }
        return false
    }

    /** Cancels the flow and waits for its end; not for its own, where the flow itself closes what it is read by. */
    private fun close() {
        isOver = true
        cancel(CancellationException("the stream was closed"))
        if (isAroundThread()) return
        do {
            val left = inbox.takeAnyway()
        } while (left !is End)
        inbox.put(CLOSED) // for a second close, and for who still reads on another thread
    }

    override fun succeeded(value: Unit) = inbox.put(End(null))

    override fun failed(error: Throwable): Boolean {
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

    private companion object {
        val CLOSED = End(CancellationException("the stream was closed"))
    }
}

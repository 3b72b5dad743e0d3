package dev.gather.coroutines.internal

import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicLong

/** Tasks that somebody brings one by one; there is always one for a worker that has passed the gate. */
internal class FlowSource : TaskSource() {
    private val offered = ConcurrentLinkedQueue<Offered>()
    private var brought = 0L // only used by whoever offers

    private val read = AtomicLong()

    @Volatile private var isFinished = false

    override val sizeHint: Int get() = -1

    override val total: Int get() = if (mayHaveMore()) -1 else taken()

    /** By one coroutine. */
    fun offer(item: Any?) {
        offered.add(Offered(item, brought++))
    }

    fun finish() {
        isFinished = true
    }

    fun isEmpty(): Boolean = offered.isEmpty()

    override fun take(
        worker: Worker,
        run: Run,
    ): Any? {
        val next = offered.poll() ?: return NONE
        read.accumulateAndGet(next.position + 1, ::maxOf)
        worker.index = (next.position % NUMBERS).toInt()
        run.readingEnds(worker) // there may be room for the next
        return next.item
    }

    override val count: Long get() = read.get()

    override fun mayHaveMore(): Boolean = !isFinished || !offered.isEmpty()

    override fun positionOf(index: Int): Long = positionOf(index, read.get())

    private class Offered(
        val item: Any?,
        val position: Long,
    )
}

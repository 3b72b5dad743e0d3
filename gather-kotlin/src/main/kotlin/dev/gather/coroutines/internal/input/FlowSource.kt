package dev.gather.coroutines.internal.input

import dev.gather.Limiter
import dev.gather.Limiter.Permit
import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.Source
import dev.gather.coroutines.internal.run.Worker
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong

/** Tasks that somebody brings one by one. */
internal class FlowSource(
    /** When whoever brings them may go on, on the thread that says so. */
    private val whenTaken: () -> Unit,
) : Source() {
    private val offered = ConcurrentLinkedQueue<Offered>()
    private var brought = 0L // only used by whoever offers

    private val read = AtomicLong()

    /** How many have been offered and keep whoever brings them. */
    private val waiting = AtomicInteger()

    /** Of the element that was taken last; where it matters workers come one at a time. */
    @Volatile private var latest: Offered? = null

    @Volatile private var isFinished = false

    override val total: Int get() = if (mayHaveMore()) -1 else taken()

    /** By one coroutine; [held] tells what it holds of a limiter. */
    fun offer(
        item: Any?,
        held: (Limiter) -> Permit?,
    ) {
        waiting.incrementAndGet()
        offered.add(Offered(item, brought++, held))
    }

    fun finish() {
        isFinished = true
    }

    /** False also while one waits for a permit that it may have to borrow from whoever has brought it. */
    fun isEmpty(): Boolean = waiting.get() == 0

    override fun take(
        worker: Worker,
        run: Run,
    ): Any? {
        val next = offered.poll() ?: return if (mayHaveMore()) SHUT else NONE
        read.accumulateAndGet(next.position + 1, ::maxOf)
        worker.index = (next.position % NUMBERS).toInt()
        latest = next
        if (run.admission == null) mayGoOn()
        return next.item
    }

    override fun mayGoOn() {
        waiting.decrementAndGet()
        whenTaken()
    }

    override fun permitOf(limiter: Limiter): Permit? = latest?.held?.invoke(limiter)

    /** Not because it has ended: a helper that is refused would be sent again and again, with nothing to do. */
    override fun isReady(): Boolean = !offered.isEmpty()

    override val count: Long get() = read.get()

    override fun mayHaveMore(): Boolean = !isFinished || !offered.isEmpty()

    override fun positionOf(index: Int): Long = positionOf(index, read.get())

    private class Offered(
        val item: Any?,
        val position: Long,
        val held: (Limiter) -> Permit?,
    )
}

package dev.gather.coroutines.internal.input

import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.Source
import dev.gather.coroutines.internal.run.Worker
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater

/** Tasks that are all there: workers take them by number. */
internal open class ListSource(
    private val items: List<Any?>,
) : Source() {
    @Volatile private var next = 0

    override val sizeHint: Int = items.size

    override val total: Int get() = sizeHint

    override fun take(
        worker: Worker,
        run: Run,
    ): Any? {
        while (next < sizeHint) {
            val index = NEXT.getAndIncrement(this)
            if (index >= sizeHint) return NONE
            if (needsNoWorker(index)) continue
            worker.index = index
            return try {
                items[index]
            } catch (e: Throwable) {
                // the list has become shorter
                run.ledger.inputFailed(run, e)
                run.ledger.neverStarted(run, index)
                NONE
            }
        }
        return NONE
    }

    /** There is nothing for a worker in here. */
    fun skipAll() {
        next = sizeHint
    }

    override val count: Long get() = minOf(next, sizeHint).toLong()

    override fun mayHaveMore(): Boolean = next < sizeHint

    private companion object {
        val NEXT: AtomicIntegerFieldUpdater<ListSource> =
            AtomicIntegerFieldUpdater.newUpdater(ListSource::class.java, "next")
    }
}

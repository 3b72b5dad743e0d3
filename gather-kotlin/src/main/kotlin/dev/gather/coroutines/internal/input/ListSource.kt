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

    final override val total: Int = items.size

    override fun take(
        worker: Worker,
        run: Run,
    ): Any? {
        while (next < total) {
            val index = NEXT.getAndIncrement(this)
            if (index >= total) return NONE
            if (needsNoWorker(index)) continue
            worker.index = index
            return items[index]
        }
        return NONE
    }

    /** There is nothing for a worker in here. */
    fun skipAll() {
        next = total
    }

    override val count: Long get() = minOf(next, total).toLong()

    override fun mayHaveMore(): Boolean = next < total

    private companion object {
        val NEXT: AtomicIntegerFieldUpdater<ListSource> =
            AtomicIntegerFieldUpdater.newUpdater(ListSource::class.java, "next")
    }
}

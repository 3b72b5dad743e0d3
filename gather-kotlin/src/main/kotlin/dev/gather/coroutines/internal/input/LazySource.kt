package dev.gather.coroutines.internal.input

import dev.gather.coroutines.internal.cells.Baton
import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.Source
import dev.gather.coroutines.internal.run.Worker

/** Tasks that are read one after another, by one worker at a time, when there is room for them. */
internal class LazySource(
    private var items: Iterable<*>?,
) : Source() {
    private val baton = Baton()
    private var iterator: Iterator<*>? = null // guarded by the baton, like items

    @Volatile
    private var read = 0L

    @Volatile
    private var exhausted = false

    override val total: Int get() = if (exhausted) taken() else -1

    override fun take(
        worker: Worker,
        run: Run,
    ): Any? {
        if (exhausted) return NONE
        if (!baton.takeOrLeave()) return BUSY
        val item = read(worker, run)
        // Those who found the baton taken have left; the helper chain makes up for them.
        repeat(baton.giveBack()) { run.leaveBusyInput() }
        return item
    }

    /** Calls code of the user, on behalf of whoever has the baton. */
    private fun read(
        worker: Worker,
        run: Run,
    ): Any? {
        if (exhausted || run.isStopped()) return NONE
        return try {
            run.bodies.read(run, worker) { run.asking { next(worker, run) } }
        } catch (e: Throwable) {
            run.ledger.inputFailed(run, e) // first: else it could look as if there were too few tasks
            finish()
            NONE
        }
    }

    private fun next(
        worker: Worker,
        run: Run,
    ): Any? {
        val from =
            iterator ?: items!!.iterator().also {
                @Suppress("SENSELESS_COMPARISON") // a Java Iterable may return null
                if (it == null) throw NullPointerException("iterator() of the input must not return null")
                iterator = it
            }
        if (!from.hasNext()) return NONE.also { finish() }
        val item = from.next()
        val position = read
        val index = (position % NUMBERS).toInt()
        run.ledger.slots.reserve(index)
        worker.index = index
        read = position + 1
        return item
    }

    private fun finish() {
        exhausted = true
        iterator = null
        items = null
    }

    /** A worker is mostly at it for a moment only. */
    override fun isReady(): Boolean = !exhausted

    override val count: Long get() = read

    override fun positionOf(index: Int): Long = positionOf(index, read)

    override fun mayHaveMore(): Boolean = !exhausted
}

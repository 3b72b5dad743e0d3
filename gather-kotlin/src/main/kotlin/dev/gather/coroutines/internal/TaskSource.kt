package dev.gather.coroutines.internal

import kotlinx.coroutines.Deferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater

/** The input of a run. */
internal abstract class TaskSource {
    /** How many tasks there probably are; -1 for no idea. */
    abstract val sizeHint: Int

    /** How many tasks there are; -1 while nobody knows. */
    abstract val total: Int

    /** The next task, whose number is stored in the worker; or [NONE], or [BUSY]. */
    abstract fun take(
        worker: Worker,
        run: Run,
    ): Any?

    /** Whether these are running before the run begins: then even one that is stopped takes them, to cancel them. */
    open val runsAlready: Boolean get() = false

    /** Whether there is a next task that nobody else is about to take; if so, this worker is, or [leaves it][leaveNext]. */
    open fun isNextThere(
        worker: Worker,
        run: Run,
    ): Boolean = mayHaveMore()

    /** The worker does not take the next task after all. */
    open fun leaveNext(
        worker: Worker,
        run: Run,
    ) {}

    /** Whether a worker is at it now, so that another would not get anything. */
    open val isBeingRead: Boolean get() = false

    /** How many have been taken. */
    abstract val count: Long

    /** The same, as far as there are numbers. */
    fun taken(): Int = minOf(count, NUMBERS).toInt()

    /** Which task of all has this number, which may have been given more than once in an input without end. */
    open fun positionOf(index: Int): Long = index.toLong()

    /** False only if there is certainly nothing left. */
    abstract fun mayHaveMore(): Boolean

    /** What the task at this place is called, if anything; -1 stands for the input itself. */
    open fun nameOf(index: Int): String? = null

    companion object {
        /** There is nothing left to take. */
        val NONE: Any = Any()

        /** An input may go on for longer than there are numbers; only a stream of results gets so far. */
        const val NUMBERS: Long = Int.MAX_VALUE.toLong()

        /** The last position with that number among so many. */
        fun positionOf(
            index: Int,
            count: Long,
        ): Long = count - 1 - Math.floorMod(count - 1 - index, NUMBERS)

        /** Another worker is reading the input; it gives back all that this one had. */
        val BUSY: Any = Any()
    }
}

/** Tasks that are all there: workers take them by number. */
internal open class ListSource(
    private val items: List<Any?>,
) : TaskSource() {
    @Volatile private var next = 0

    override val sizeHint: Int = items.size

    override val total: Int get() = sizeHint

    override fun take(
        worker: Worker,
        run: Run,
    ): Any? {
        if (next >= sizeHint) return NONE
        val index = NEXT.getAndIncrement(this)
        if (index >= sizeHint) return NONE
        worker.index = index
        return try {
            items[index]
        } catch (e: Throwable) {
            // the list has become shorter
            run.inputFailed(e)
            run.neverStarted(index)
            NONE
        }
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

/** Work that is running already: what is done counts before what is not, and in input order. */
internal class RunningSource(
    val items: List<Deferred<*>>,
) : TaskSource() {
    private val order: List<Int>
    private val next = AtomicInteger()

    init {
        val seen = items.map(::readiness) // may be another in a moment
        order = items.indices.sortedBy { seen[it] } // stable
    }

    override val sizeHint: Int = items.size

    override val total: Int get() = sizeHint

    override val runsAlready: Boolean get() = true

    override fun take(
        worker: Worker,
        run: Run,
    ): Any? {
        if (!mayHaveMore()) return NONE
        val place = next.getAndIncrement()
        if (place >= sizeHint) return NONE
        worker.index = order[place]
        return items[order[place]]
    }

    override val count: Long get() = sizeHint.toLong()

    override fun mayHaveMore(): Boolean = next.get() < sizeHint

    /** A value cannot stop the run, so it is not lost if it comes before a failure that does. */
    @OptIn(ExperimentalCoroutinesApi::class)
    private fun readiness(deferred: Deferred<*>): Int =
        when {
            !deferred.isCompleted -> 2
            deferred.getCompletionExceptionOrNull() != null -> 1
            else -> 0
        }
}

/** Tasks that are read one after another, by one worker at a time, when there is room for them. */
internal class LazySource(
    private var items: Iterable<*>?,
    override val sizeHint: Int,
) : TaskSource() {
    private val baton = Baton()
    private var iterator: Iterator<*>? = null // guarded by the baton, like items

    /** Has seen that there is a next, and keeps the baton until it takes that. Written by who has the baton. */
    private var atNext: Worker? = null

    @Volatile
    private var read = 0L

    @Volatile
    private var exhausted = false

    override val total: Int get() = if (exhausted) taken() else -1

    override fun take(
        worker: Worker,
        run: Run,
    ): Any? {
        if (atNext === worker) {
            atNext = null
        } else {
            if (exhausted) return NONE
            if (!baton.takeOrLeave()) return BUSY
        }
        val item = read(worker, run) { run.readNext(this, worker) }
        release(run)
        return item
    }

    override fun isNextThere(
        worker: Worker,
        run: Run,
    ): Boolean {
        if (exhausted || !baton.tryTake()) return false
        if (read(worker, run) { hasNext() } == true) {
            atNext = worker
            return true
        }
        release(run)
        run.inputHasEnded()
        return false
    }

    override fun leaveNext(
        worker: Worker,
        run: Run,
    ) {
        if (atNext !== worker) return
        atNext = null
        release(run)
    }

    /** Calls code of the user, on behalf of whoever has the baton. */
    private inline fun read(
        worker: Worker,
        run: Run,
        crossinline action: () -> Any?,
    ): Any? {
        if (exhausted || run.isStopped()) return NONE
        val held = run.held
        val error =
            try {
                run.readingBegins(worker)
                return if (held == null) action() else held.call { action() }
            } catch (e: Throwable) {
                e
            } finally {
                run.readingEnds(worker)
            }
        run.inputFailed(error) // first: else it could look as if there were too few tasks
        finish()
        return NONE
    }

    /** Those who found the baton taken have left; the helper chain makes up for them. */
    private fun release(run: Run) = repeat(baton.giveBack()) { run.leaveBusyInput() }

    fun next(
        worker: Worker,
        run: Run,
    ): Any? {
        if (!hasNext()) return NONE
        val from = iterator!!
        val item = from.next()
        val position = read
        val index = (position % NUMBERS).toInt()
        run.slots.reserve(index)
        worker.index = index
        read = position + 1
        if (position + 1 == sizeHint.toLong() && run.isGated && isAtEnd(from)) finish()
        return item
    }

    private fun hasNext(): Boolean {
        val from =
            iterator ?: items!!.iterator().also {
                @Suppress("SENSELESS_COMPARISON") // a Java Iterable may return null
                if (it == null) throw NullPointerException("iterator() of the input must not return null")
                iterator = it
            }
        return from.hasNext().also { if (!it) finish() }
    }

    /** So that the last item of a collection is known to be the last although nobody may ask for another. */
    private fun isAtEnd(from: Iterator<*>): Boolean =
        try {
            !from.hasNext()
        } catch (_: Throwable) {
            false // it will be asked again
        }

    private fun finish() {
        exhausted = true
        iterator = null
        items = null
    }

    override val isBeingRead: Boolean get() = baton.staysTaken()

    override val count: Long get() = read

    override fun positionOf(index: Int): Long = positionOf(index, read)

    override fun mayHaveMore(): Boolean = !exhausted
}

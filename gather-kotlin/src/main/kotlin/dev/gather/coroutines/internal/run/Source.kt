package dev.gather.coroutines.internal.run

import dev.gather.Limiter
import dev.gather.Limiter.Permit

/** What comes in: the tasks of a run. */
internal abstract class Source {
    /** How many tasks there are; -1 while nobody knows. */
    abstract val total: Int

    /** The next task that needs a worker, whose number is stored in the worker; or [NONE], [BUSY], [SHUT]. */
    abstract fun take(
        worker: Worker,
        run: Run,
    ): Any?

    /** Whether these are running before the run begins: then even one that is stopped takes them, to cancel them. */
    open val runsAlready: Boolean get() = false

    /** How many have been taken. */
    abstract val count: Long

    /** The same, as far as there are numbers. */
    fun taken(): Int = minOf(count, NUMBERS).toInt()

    /** How many there are, as far as anybody knows. */
    fun size(): Int = if (total >= 0) total else taken()

    /** Which task of all has this number, which may have been given more than once in an input without end. */
    open fun positionOf(index: Int): Long = index.toLong()

    /** False only if there is certainly nothing left. */
    abstract fun mayHaveMore(): Boolean

    /** Whether there is something to take now; where that depends on others, they [invite][Run.invite] somebody. */
    open fun isReady(): Boolean = mayHaveMore()

    /** Where there is an admission: whoever has brought the task that was taken last may go on. */
    open fun mayGoOn() {}

    /** What the task that was taken last may borrow of this limiter, besides what the whole gather may. */
    open fun permitOf(limiter: Limiter): Permit? = null

    /** What the task at this place is called, if anything; -1 stands for the input itself. */
    open fun nameOf(index: Int): String? = null

    /** Whether the same task stands in several places. */
    open val hasRepeats: Boolean get() = false

    /** The earlier place whose task is that of this place too; mostly the place itself. */
    open fun originalOf(index: Int): Int = index

    /** Whether places that are tasks of their own may share a value. */
    open val sharesValues: Boolean get() = false

    /** The later places that share the result of this one. */
    open fun repeatsOf(index: Int): List<Int> = emptyList()

    /** Whether the task at this place was running before, or stands at an earlier place: nobody takes it from here. */
    open fun needsNoWorker(index: Int): Boolean = false

    companion object {
        /** There is nothing left to take. */
        val NONE: Any = Any()

        /** Another worker is reading the input; it gives back all that this one had. */
        val BUSY: Any = Any()

        /** There is nothing now, and there may be something later. */
        val SHUT: Any = Any()

        /** An input may go on for longer than there are numbers; only a stream of results gets so far. */
        const val NUMBERS: Long = Int.MAX_VALUE.toLong()

        fun positionOf(
            index: Int,
            count: Long,
        ): Long = count - 1 - Math.floorMod(count - 1 - index, NUMBERS)
    }
}

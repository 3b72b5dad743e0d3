package dev.gather.coroutines.internal

import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong

/**
 * Says when one more task may start, for a reason that has nothing to do with the limit. A worker passes
 * it before it asks the input for a task; where it may not, it leaves, and the gate brings a helper when
 * it opens. While it may still open it holds a token, so that the run does not end meanwhile.
 */
internal abstract class Gate(
    protected val run: Run,
) {
    private val state = AtomicInteger(NEW)

    fun open() {
        run.takeToken()
        if (!state.compareAndSet(NEW, OPEN)) run.returnToken()
    }

    /** Whether a worker may take a task; if so, it is counted as one that did. */
    abstract fun tryPass(worker: Worker): Boolean

    /** A worker would have come here, but could not pass a gate before. */
    open fun notReached() {}

    /** There was nothing to take after all. */
    abstract fun giveBack()

    /** Whether somebody might pass. */
    abstract fun isOpen(): Boolean

    /** What a worker passed for was this task. */
    open fun taken(index: Int) {}

    /** This task has ended, or will not start after all; as with [failed], whoever ended it looks at the gate. */
    open fun ended(index: Int) {}

    /** This task has failed by itself; who ended it looks at the gate, or invites somebody to. */
    open fun failed(index: Int) {}

    /** Nothing starts any more. */
    fun close() {
        if (state.compareAndSet(NEW, CLOSED)) return closed()
        if (!state.compareAndSet(OPEN, CLOSED)) return
        closed()
        run.returnToken()
    }

    open fun closed() {}

    private companion object {
        const val NEW = 0
        const val OPEN = 1
        const val CLOSED = 2
    }
}

/** How many may pass, as a number that everybody may add to. */
internal class Credits {
    private val left = AtomicLong()

    /** [Long.MAX_VALUE] is without end. */
    fun add(n: Long) {
        left.getAndUpdate { if (it > ENDLESS - n) ENDLESS else it + n }
    }

    fun tryTake(): Boolean = left.getAndUpdate { if (it == 0L || it == ENDLESS) it else it - 1 } != 0L

    fun anyLeft(): Boolean = left.get() != 0L

    private companion object {
        const val ENDLESS = Long.MAX_VALUE
    }
}

/** Opens as results are asked for. */
internal class DemandGate(
    run: Run,
    /** Whether no more tasks may start than were asked for; else the first demand opens for all. */
    private val isExact: Boolean,
) : Gate(run) {
    private val credits = Credits()

    fun demand(n: Long) = credits.add(if (isExact) n else Long.MAX_VALUE)

    override fun tryPass(worker: Worker): Boolean = credits.tryTake()

    override fun giveBack() = credits.add(1)

    override fun isOpen(): Boolean = credits.anyLeft()
}

/** Opens when both do. */
internal class BothGates(
    private val first: Gate,
    private val second: Gate,
    run: Run,
) : Gate(run) {
    override fun tryPass(worker: Worker): Boolean {
        if (first.tryPass(worker)) {
            if (second.tryPass(worker)) return true
            first.giveBack()
        } else {
            second.notReached()
        }
        return false
    }

    override fun notReached() {
        first.notReached()
        second.notReached()
    }

    override fun giveBack() {
        first.giveBack()
        second.giveBack()
    }

    override fun isOpen(): Boolean = first.isOpen() && second.isOpen()

    override fun taken(index: Int) {
        first.taken(index)
        second.taken(index)
    }

    override fun ended(index: Int) {
        first.ended(index)
        second.ended(index)
    }

    override fun failed(index: Int) {
        first.failed(index)
        second.failed(index)
    }

    override fun closed() {
        first.closed()
        second.closed()
    }
}

package dev.gather.coroutines.internal.admission

import dev.gather.coroutines.internal.cells.Baton
import dev.gather.coroutines.internal.run.Admission
import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.Source
import dev.gather.coroutines.internal.run.Worker
import java.util.concurrent.atomic.AtomicInteger

/**
 * Lets tasks start one after another, in their order, each when all gates let it pass. A worker comes with nothing,
 * takes the next task from the source and shows it at one gate after another; where one is shut it leaves the task
 * at that gate and goes, and whoever comes next goes on with it there. So a gate is asked by one worker at a time,
 * knows that there is a task, and whatever that has passed for is used.
 */
internal class Turnstile(
    private val gates: List<Gate>,
) : Admission {
    private val baton = Baton()
    private val state = AtomicInteger(NEW)

    // Written by who has the baton.

    /** The task that waits, and its number. */
    @Volatile private var head: Any? = NOTHING
    private var headIndex = -1

    /** Whether whoever has brought it has to stay until it starts. */
    private var mayBorrow = false

    /** How many gates it has passed. */
    @Volatile private var passed = 0

    override fun take(
        worker: Worker,
        run: Run,
    ): Any? {
        if (!baton.takeOrLeave()) return Source.BUSY
        val item = next(worker, run)
        release(run)
        // The input may have ended while the baton was taken, and whoever saw that found it so.
        if (item === Source.NONE || item === Source.SHUT) inputHasEnded(run)
        return item
    }

    private fun next(
        worker: Worker,
        run: Run,
    ): Any? {
        val source = run.source ?: return Source.NONE
        if (head === NOTHING) {
            val item = source.take(worker, run)
            if (item === Source.NONE || item === Source.SHUT) return item
            headIndex = worker.index
            passed = 0
            head = item
            mayBorrow = gates.any { it.mayBorrow(run) }
            if (!mayBorrow) source.mayGoOn()
        }
        worker.index = headIndex
        while (passed < gates.size) {
            if (!gates[passed].tryPass(run, worker)) return Source.SHUT
            passed++
        }
        val item = head
        head = NOTHING
        if (mayBorrow) source.mayGoOn()
        for (gate in gates) gate.started(run, headIndex)
        return item
    }

    /** Those who found the baton taken have left; the helper chain makes up for them. */
    private fun release(run: Run) = repeat(baton.giveBack()) { run.leaveBusyInput() }

    override fun open(run: Run) {
        run.tokens.takeIdle(1)
        if (!state.compareAndSet(NEW, OPEN)) run.returnIdleToken()
    }

    /** Whoever is inside looks again when they have gone out. */
    override fun isOpen(run: Run): Boolean {
        if (state.get() != OPEN || baton.isTaken) return false
        if (head === NOTHING) return run.source?.isReady() ?: false
        return gates.getOrNull(passed)?.isOpen() ?: true
    }

    override fun ended(
        index: Int,
        hasFailed: Boolean,
    ) {
        for (gate in gates) gate.ended(index, hasFailed)
    }

    override fun asking(action: () -> Any?): Any? =
        gates.fold(action) { inner, gate -> { gate.asking(inner) } }()

    override fun inputHasEnded(run: Run) {
        // Whoever has the baton meanwhile comes by here, too.
        if (state.get() != OPEN || run.source?.mayHaveMore() != false || !baton.tryTake()) return
        val isEmpty = head === NOTHING
        release(run)
        if (isEmpty) close(run)
    }

    override fun close(run: Run) {
        if (state.compareAndSet(NEW, CLOSED)) return gates.forEach(Gate::close)
        if (!state.compareAndSet(OPEN, CLOSED)) return
        gates.forEach(Gate::close)
        run.returnIdleToken()
    }

    override fun leftOver(): Int = if (head === NOTHING) -1 else headIndex

    override fun waitedFor(): String? = gates.getOrNull(passed)?.waitsFor

    private companion object {
        val NOTHING = Any()

        const val NEW = 0
        const val OPEN = 1
        const val CLOSED = 2
    }
}

package dev.gather.coroutines.internal.bodies

import dev.gather.coroutines.internal.run.Cell
import dev.gather.coroutines.internal.run.Report
import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.isCancellation
import dev.gather.coroutines.internal.run.isFatal
import dev.gather.spi.Work
import dev.gather.threads.Clock
import java.time.Duration
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.TimeoutException

/** The bound on the running time of one task. */
internal class TaskDeadline(
    val index: Int,
    val timeout: Duration,
    private val run: Run,
    private val owner: EqualDeadlines.Lane?,
) {
    /** What to cancel: first the worker, then perhaps the stage it was given. */
    @Volatile
    private var target: Cell.Running? = null

    @Volatile
    var isOver: Boolean = timeout.isZero
        private set

    /** What follows the interrupt. */
    @Volatile private var following: Following? = null

    /** What to do with whatever it is the bound of, once the grace has passed as well. */
    @Volatile private var giveUp: ((Cell.Running) -> Unit)? = null

    /** When the task started, by the clock of the owner. */
    var startNanos = 0L

    // The list of the owner; guarded by it.
    var at = 0L
    var previous: TaskDeadline? = null
    var next: TaskDeadline? = null
    var isListed = false

    fun moveTo(running: Cell.Running) {
        target = running
        if (isOver) interrupt(running)?.let { Aftermath(listOf(it)) {}.start() }
        giveUp?.invoke(running)
    }

    /** The rest of the interrupt, which is code of users; null if there is none. */
    fun expire(): (() -> Unit)? {
        if (run.isStopped() && !run.ledger.isLeaving()) return null // that was first
        isOver = true
        return target?.let(::interrupt)
    }

    private fun interrupt(running: Cell.Running): (() -> Unit)? {
        if (!run.tokens.tryTake()) return null
        val rest = running.interrupt(index)
        if (rest == null) run.returnToken()
        return rest?.let { Following(run, it) }?.also { following = it }
    }

    /** It was interrupted, and has had time to stop: if it has not, it is not waited for any more. */
    fun abandon(
        grace: Duration,
        end: StragglerEnd,
    ) {
        giveUp = { running ->
            if (run.tokens.tryTake()) {
                running.abandon(index) { work ->
                    val failure = TimeoutException(Report.taskTimeout(index, run.nameOf(index), timeout, grace))
                    end.call(run, this, work, failure)
                }
                run.returnToken()
            }
        }
        target?.let { giveUp?.invoke(it) }
        following?.giveUp()
    }

    /** The task has ended. Returns its failure, if that was too late; what it threw by itself is suppressed in there. */
    fun end(
        name: String?,
        error: Throwable?,
    ): Throwable? {
        owner?.remove(this)
        target = null
        if (!isOver || error != null && isFatal(error)) return null
        val failure = TimeoutException(Report.taskTimeout(index, name, timeout))
        if (error != null && !isCancellation(error)) failure.addSuppressed(error)
        return failure
    }
}

/** How a task ends that has been given up. */
internal fun interface StragglerEnd {
    fun call(
        run: Run,
        deadline: TaskDeadline,
        work: Work,
        failure: Throwable,
    )
}

/** The bounds on the running time of the tasks of one run: that of all, and those that tasks have of their own. */
internal class TaskDeadlines(
    private val ofAll: Duration?,
    private val clock: Clock,
    /** How long to wait for those that have been interrupted; null for as long as they take. */
    private val grace: Duration?,
    private val stragglerEnd: StragglerEnd,
) {
    private val byLength = ConcurrentHashMap<Duration, EqualDeadlines>(0)

    /** Null if this task may take its time. */
    fun start(
        run: Run,
        index: Int,
        own: Duration?,
        running: Cell.Running?,
    ): TaskDeadline? {
        val length = own ?: ofAll ?: return null
        val deadline = (
            byLength[length] ?: byLength.computeIfAbsent(
                length,
            ) { EqualDeadlines(it, clock, grace, stragglerEnd) }
        ).start(run, index)
        if (running != null && !deadline.isOver) deadline.moveTo(running)
        return deadline
    }

    /** All tasks have ended. */
    fun cancel() = byLength.values.forEach(EqualDeadlines::cancel)
}

/**
 * The deadlines of all tasks that may run equally long: they pass in the order in which the tasks
 * start, so lists and one timer do for any number of tasks. There are several lists, so that threads
 * that run short tasks do not all wait for one lock.
 */
internal class EqualDeadlines(
    private val timeout: Duration,
    private val clock: Clock,
    private val grace: Duration?,
    private val stragglerEnd: StragglerEnd,
) {
    private val nanos = ThreadBodies.nanos(timeout)
    private val lanes = Array(LANES) { Lane() }

    /** Whether a timer will look at every list. */
    @Volatile private var isArmed = false

    // Guarded by this; no code of a user runs inside.
    private var timer: Runnable? = null
    private val graces = ArrayDeque<Runnable>(0) // in the order in which they pass
    private var cancelled = false

    fun start(
        run: Run,
        index: Int,
    ): TaskDeadline {
        val lane = lanes[System.identityHashCode(Thread.currentThread()) and LANES - 1]
        val deadline = TaskDeadline(index, timeout, run, lane)
        if (deadline.isOver) return deadline
        deadline.startNanos = clock.nanos()
        lane.add(deadline, deadline.startNanos + nanos)
        if (!isArmed) arm(nanos)
        return deadline
    }

    fun cancel(): Unit =
        synchronized(this) {
            cancelled = true
            timer?.run()
            timer = null
            graces.forEach(Runnable::run)
            graces.clear()
        }

    private fun arm(delayNanos: Long): Unit =
        synchronized(this) {
            if (!isArmed) schedule(delayNanos)
        }

    private fun schedule(delayNanos: Long): Unit =
        synchronized(this) {
            if (cancelled) return
            isArmed = true
            timer = clock.schedule(delayNanos, ::expireDue)
        }

    private fun expireDue() {
        val due = ArrayList<TaskDeadline>()
        val next = takeDue(due)
        if (next != null) {
            schedule(next)
        } else {
            isArmed = false
            takeDue(due)?.let(::arm) // somebody may have started meanwhile and seen a timer
        }
        val rest = due.mapNotNull(TaskDeadline::expire)
        if (rest.isNotEmpty()) Aftermath(rest) {}.start()
        if (grace != null && due.isNotEmpty()) startGrace(due, grace)
    }

    private fun startGrace(
        due: List<TaskDeadline>,
        grace: Duration,
    ): Unit =
        synchronized(this) {
            if (cancelled) return
            graces += clock.schedule(ThreadBodies.nanos(grace)) {
                synchronized(this) { graces.removeFirstOrNull() }
                // What ends them is code of users, too.
                Aftermath(due.map { deadline -> { deadline.abandon(grace, stragglerEnd) } }) {}.start()
            }
        }

    /** Moves what has passed to [due]; returns how long it takes until the next passes, if there is one. */
    private fun takeDue(due: MutableList<TaskDeadline>): Long? {
        val now = clock.nanos()
        return lanes.mapNotNull { it.takeDue(now, due) }.minOrNull()
    }

    /** One of the lists, in the order in which its deadlines pass. */
    internal class Lane {
        // All guarded by this.
        private var head: TaskDeadline? = null
        private var tail: TaskDeadline? = null

        fun add(
            deadline: TaskDeadline,
            at: Long,
        ): Unit =
            synchronized(this) {
                deadline.at = at
                deadline.isListed = true
                deadline.previous = tail
                if (tail == null) head = deadline else tail!!.next = deadline
                tail = deadline
            }

        fun remove(deadline: TaskDeadline): Unit =
            synchronized(this) {
                if (!deadline.isListed) return
                deadline.isListed = false
                val before = deadline.previous
                val after = deadline.next
                if (before == null) head = after else before.next = after
                if (after == null) tail = before else after.previous = before
                deadline.previous = null
                deadline.next = null
            }

        /** Moves what has passed to [due]; returns how long the next will take, if there is one. */
        fun takeDue(
            now: Long,
            due: MutableList<TaskDeadline>,
        ): Long? =
            synchronized(this) {
                var first = head
                while (first != null && first.at - now <= 0) {
                    due.add(first)
                    remove(first)
                    first = head
                }
                first?.let { it.at - now }
            }
    }

    private companion object {
        /** A power of two, so that threads that run at the same time mostly have different ones. */
        val LANES = minOf(4 * Integer.highestOneBit(Runtime.getRuntime().availableProcessors()), 64)
    }
}

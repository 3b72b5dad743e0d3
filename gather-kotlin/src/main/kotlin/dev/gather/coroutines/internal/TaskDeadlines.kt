package dev.gather.coroutines.internal

import java.time.Duration

/** The bound on the running time of one task. */
internal class TaskDeadline(
    val index: Int,
    val timeout: Duration,
    private val run: FutureRun,
    private val owner: TaskDeadlines?,
) {
    /** What to cancel: first the worker, then perhaps the stage it was given. */
    @Volatile
    private var target: Cell.Running? = null

    @Volatile
    var isOver: Boolean = timeout.isZero
        private set

    // The list of an owner; guarded by it.
    var at = 0L
    var previous: TaskDeadline? = null
    var next: TaskDeadline? = null
    var isListed = false

    var timer: Runnable? = null

    fun moveTo(running: Cell.Running) {
        target = running
        if (isOver) running.cancel(index)
    }

    fun expire() {
        if (run.isCancelling()) return // that was first
        isOver = true
        target?.cancel(index)
    }

    /** The task has ended. Returns whether that was too late. */
    fun end(): Boolean {
        owner?.remove(this)
        timer?.run()
        target = null
        return isOver
    }
}

/**
 * The deadlines of all tasks that may run equally long: they pass in the order in which the tasks
 * start, so a list and one timer do for any number of tasks.
 */
internal class TaskDeadlines(
    private val timeout: Duration,
    private val run: FutureRun,
) {
    private val nanos = runCatching { timeout.toNanos() }.getOrDefault(Long.MAX_VALUE / 2)

    // All guarded by this; no code of a user runs inside.
    private var head: TaskDeadline? = null
    private var tail: TaskDeadline? = null
    private var timer: Runnable? = null
    private var cancelled = false

    fun start(index: Int): TaskDeadline {
        val deadline = TaskDeadline(index, timeout, run, this)
        if (deadline.isOver) return deadline
        synchronized(this) {
            deadline.at = System.nanoTime() + nanos
            deadline.isListed = true
            deadline.previous = tail
            if (tail == null) head = deadline else tail!!.next = deadline
            tail = deadline
            if (timer == null && !cancelled) schedule(nanos)
        }
        return deadline
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

    fun cancel(): Unit =
        synchronized(this) {
            cancelled = true
            timer?.run()
            timer = null
        }

    private fun schedule(delayNanos: Long) {
        timer = Timers.schedule(Duration.ofNanos(maxOf(delayNanos, 1)), run.elastic, ::expireDue)
    }

    private fun expireDue() {
        val due = ArrayList<TaskDeadline>()
        synchronized(this) {
            val now = System.nanoTime()
            var first = head
            while (first != null && first.at - now <= 0) {
                due.add(first)
                remove(first)
                first = head
            }
            timer = null
            if (first != null && !cancelled) schedule(first.at - now)
        }
        due.forEach(TaskDeadline::expire)
    }
}

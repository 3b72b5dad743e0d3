package dev.gather.coroutines.internal.bodies

import dev.gather.coroutines.internal.run.Run
import kotlin.coroutines.CoroutineContext

/** Knows when its task started and until when it may run; only where somebody wants to know. */
internal open class TimedSuspendWorker(
    run: Run,
    bodies: SuspendingBodies,
) : SuspendWorker(run, bodies) {
    override var startNanos: Long = 0
    private var deadline: TaskDeadline? = null

    override fun begins(): Boolean {
        val deadline = bodies.startDeadline(run, index)
        this.deadline = deadline
        if (deadline != null && deadline.isOver) {
            startNanos = bodies.nanos()
            endedLate(deadline, null, null, hasStarted = false)
            return false
        }
        startNanos = run.ledger.started(run, index, permit)
        if (deadline != null) {
            deadline.moveTo(findJob()!!.handle())
        }
        return true
    }

    override fun ended(
        value: Any?,
        error: Throwable?,
    ) {
        val deadline = deadline
        if (deadline == null || !endedLate(deadline, value, error, hasStarted = true)) super.ended(value, error)
    }

    private fun endedLate(
        deadline: TaskDeadline,
        value: Any?,
        error: Throwable?,
        hasStarted: Boolean,
    ): Boolean {
        this.deadline = null
        val failure = deadline.end(run.nameOf(index), error) ?: return false
        run.ledger.failed(run, index, failure, startNanos, takePermit(), hasStarted = hasStarted)
        run.ledger.undelivered?.drop(run, index, value ?: returned)
        return true
    }
}

/** Has thread-context elements of its own for each body; only where there are any. */
internal class SurroundedSuspendWorker(
    run: Run,
    bodies: SuspendingBodies,
    private val gathers: ThreadSurroundings,
) : TimedSuspendWorker(run, bodies) {
    private var own: CoroutineContext? = null

    override val elements: CoroutineContext get() = own ?: bodies.elements

    override val elementCount: Any get() = bodies.countOf(elements)

    override fun start(item: Any?): Any? {
        val surroundings = gathers.copied()
        val context = surroundings.within(bodies.elements)
        own = context
        return surroundings.around(context) { super.start(item) }
    }
}

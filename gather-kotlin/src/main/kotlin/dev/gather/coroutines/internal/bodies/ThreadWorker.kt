package dev.gather.coroutines.internal.bodies

import dev.gather.Limiter.Permit
import dev.gather.coroutines.internal.cells.InterruptCell
import dev.gather.coroutines.internal.run.Cell
import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.Worker
import dev.gather.spi.Work

/** Runs bodies on a thread of the executor, which is interrupted when the one it runs is cancelled. */
internal class ThreadWorker(
    private val run: Run,
    private val bodies: ThreadBodies,
) : InterruptCell(),
    Worker,
    Cell.Running,
    Runnable {
    override var index: Int = 0
    override var permit: Permit? = null

    /** Written before the slot that leads here, so it need not be volatile. */
    private var work: Work? = null

    /**
     * Arrives on a thread of the default executor, where it is itself what was sent there: one object, since on virtual
     * threads there may be one for each task.
     */
    override fun run() = run.helperStarted(this)

    override fun run(item: Any?): Worker? {
        val work = item as Work
        val ledger = run.ledger
        val index = index
        this.work = work
        ledger.slots.set(index, this)
        begin(index)
        if (run.isStopped()) {
            if (end(index)) {
                // It was cancelled as it began, and its hook is called: that counts as started.
                ledger.succeeded(run, index, null, ledger.started(run, index, permit), takePermit())
            } else {
                ledger.neverStarted(run, index, takePermit())
            }
            return this
        }
        val deadline = bodies.startDeadline(run, index, work, this)
        val startNanos = bodies.started(run, index, deadline, permit)
        var value: Any? = null
        var error: Throwable? = null
        val isCalled = deadline == null || !deadline.isOver
        if (isCalled) {
            try {
                value = bodies.call(work, permit)
            } catch (e: Throwable) {
                error = e
            }
        }
        val isCancelled = end(index)
        this.work = null
        if (wasAbandoned()) {
            bodies.comeBack(run, index, this, error, takePermit())
            return null
        }
        if (isCalled && error == null && work.kind() == Work.Kind.ASYNC) {
            val start = StageTask.Start(startNanos, deadline, takePermit(), holdsPlace = true, hookCalled = isCancelled)
            return if (StageTask.follow(run, index, work, value, start)) this else null
        }
        if (isCalled && error == null) error = promisedByBlocking(value)
        bodies.ended(run, index, work, value, error, startNanos, deadline, takePermit())
        return this
    }

    override fun refuse(
        item: Any?,
        refusal: Throwable,
    ) {
        bodies.failed(run, index, item as Work, refusal, System.nanoTime(), takePermit(), hasStarted = false)
    }

    private fun takePermit(): Permit? = permit?.also { permit = null }

    override fun interrupt(index: Int): (() -> Unit)? {
        // The worker may have gone on to another task, but not if the interrupt below succeeds.
        val running = work ?: return null
        val held = permit
        if (!interruptBody(index) || !running.hasHook()) return null
        return { bodies.callHook(run, index, held) { running.onCancel() } }
    }

    override val isGone: Boolean get() = wasAbandoned()

    override fun abandon(
        index: Int,
        end: (work: Work) -> Unit,
    ) {
        val running = work ?: return
        if (!abandon(index)) return
        bodies.giveUp(run, index, this, holdsPlace = true) { end(running) }
    }

    override fun isOn(thread: Thread): Boolean = runsOn(thread)

    fun beginReading() = begin(READING)

    fun interruptReading() {
        interruptBody(READING)
    }

    fun endReading() {
        end(READING)
    }

    private companion object {
        /** Reading the input is no task; no index is that large. */
        const val READING = Int.MAX_VALUE
    }
}

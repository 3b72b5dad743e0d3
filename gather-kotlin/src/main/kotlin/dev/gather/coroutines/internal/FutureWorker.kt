package dev.gather.coroutines.internal

import dev.gather.spi.Work

/**
 * Runs bodies on a thread of the executor, which is interrupted when the one it runs is cancelled. It is
 * itself what brings it there: one object, since on virtual threads there may be one for each task.
 */
internal class FutureWorker(
    private val run: FutureRun,
) : InterruptCell(),
    Worker,
    Cell.Running,
    Runnable {
    override var index: Int = 0

    /** Written before the slot that leads here, so it need not be volatile. */
    private var work: Work? = null

    /** The thread that is inside the dispatch: an executor that runs things inline comes back on it. */
    @Volatile private var sender: Thread? = null

    /** Goes to a thread of the executor, as a helper. */
    fun send(isFromWorker: Boolean) {
        if (isFromWorker) sender = Thread.currentThread()
        run.bodies.execute(this)
        sender = null // later it may come round on the same thread as well
    }

    override fun run() {
        val worker = if (tryUse()) this else run.newWorker() // an executor may run things twice
        if (sender === Thread.currentThread()) run.helperSentBack() else run.helperStarted(worker)
    }

    // An executor that refuses it shows it to people.
    override fun toString(): String = run.label()

    override fun run(item: Any?): Boolean {
        val work = item as Work
        if (run.needsNoWorker(index)) return true // has been seen to
        val index = index
        this.work = work
        run.slots.set(index, this)
        begin(index)
        if (run.isStopped()) {
            if (end(index)) {
                // It was cancelled as it began, and its hook has been called: that counts as started.
                run.succeeded(index, null, run.bodyStarts(index, work))
            } else {
                run.neverStarted(index)
            }
            return true
        }
        val startNanos = run.bodyStarts(index, work)
        val deadline = run.startDeadline(index, work, this)
        var value: Any? = null
        var error: Throwable? = null
        val isCalled = deadline == null || !deadline.isOver
        if (isCalled) {
            try {
                value = run.call(index, work)
            } catch (e: Throwable) {
                error = e
            }
        }
        val cancelled = end(index)
        run.clearInterrupt()
        this.work = null
        if (isCalled && error == null && work.kind() == Work.Kind.ASYNC) {
            return StageTask.follow(run, index, work, value, startNanos, deadline, cancelled)
        }
        run.bodyEnded(index, work, value, error, startNanos, deadline)
        return true
    }

    override fun refuse(
        item: Any?,
        refusal: Throwable,
    ) {
        if (run.needsNoWorker(index)) return
        run.failed(index, refusal, System.nanoTime())
    }

    override fun cancel(index: Int) {
        // The worker may have gone on to another task, but not if the interrupt below succeeds.
        val running = work ?: return
        if (!run.tryTakeToken()) return // the run does not end before the hook has returned
        if (interrupt(index)) run.callHook(index, running)
        run.returnToken()
    }

    fun beginReading() = begin(READING)

    fun interruptReading() {
        interrupt(READING)
    }

    fun endReading() {
        end(READING)
    }

    private companion object {
        /** Reading the input is no task; no index is that large. */
        const val READING = Int.MAX_VALUE
    }
}

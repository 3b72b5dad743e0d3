package dev.gather.coroutines.internal.bodies

import dev.gather.Limiter.Permit
import dev.gather.coroutines.internal.cells.InterruptCell
import dev.gather.coroutines.internal.run.Cell
import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.Worker
import dev.gather.spi.Work
import dev.gather.threads.BodyContext
import dev.gather.threads.Station
import java.util.concurrent.CompletionStage
import java.util.concurrent.RejectedExecutionException

/** Runs bodies on a thread of the executor, which is interrupted when the one it runs is cancelled. */
internal class ThreadWorker(
    private val run: Run,
    private val bodies: ThreadBodies,
) : InterruptCell(),
    Worker,
    Cell.Running,
    Station.Parent,
    Runnable {
    override var index: Int = 0
    override var permit: Permit? = null

    /** Written before the slot that leads here, so it need not be volatile. */
    private var work: Work? = null

    /** Of the thread that it runs on: it stays there once it has begun. */
    private var station: Array<Any?>? = null

    /** What the body that is running has started, if it has. */
    @Volatile private var parts: Parts? = null

    /**
     * Arrives on a thread of the default executor, where it is itself what was sent there: one object, since on virtual
     * threads there may be one for each task.
     */
    override fun run() = Station.around { run.helperStarted(this) }

    override fun run(item: Any?): Worker? {
        val work = item as Work
        if (bodies.isClosed) {
            refuse(item, RejectedExecutionException("the executor was shut down, and its threads interrupted"))
            return this
        }
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
            val station = station ?: Station.here()?.also { station = it }
            val outer = station?.let { Station.at(it, if (work.kind() == Work.Kind.BLOCKING) this else bodies.inside) }
            try {
                value = bodies.call(index, work, permit)
            } catch (e: Throwable) {
                error = e
            }
            if (station != null) Station.at(station, outer)
        }
        val isCancelled = end(index)
        this.work = null
        val parts = parts
        if (parts != null) this.parts = null
        if (wasAbandoned()) {
            comeBack(work, value, error, parts)
            return null
        }
        if (isCancelled) parts?.cancel()
        if (wasDisturbed() || error is InterruptedException && !isCancelled) bodies.disturbed()
        val isAsync = isCalled && error == null && work.kind() == Work.Kind.ASYNC
        if (isCalled && error == null && !isAsync) error = promisedByBlocking(value)
        val end = parts?.endOf(value, error)
        if (isAsync || end != null) {
            val start = StageTask.Start(startNanos, deadline, takePermit(), holdsPlace = true, hookCalled = isCancelled)
            return if (StageTask.follow(run, index, work, end ?: value, start)) this else null
        }
        // What else a body has returned where it must not is nothing that somebody could release.
        bodies.ended(run, index, work, if (error == null) value else null, error, startNanos, deadline, takePermit())
        return this
    }

    /** A body has returned that had been given up, and so is what it has begun. */
    private fun comeBack(
        work: Work,
        value: Any?,
        error: Throwable?,
        parts: Parts?,
    ) {
        val index = index
        val permit = takePermit()
        val end = { bodies.stragglers!!.comeBack(run, index, this, error, permit) }
        if (work.kind() == Work.Kind.ASYNC && value is CompletionStage<*>) {
            bodies.callHook(run, index, null) { endsByCancel(value) }
            LateValue.of(run, index)?.let { late ->
                bodies.callHook(run, index, null) { value.whenComplete { it, _ -> it?.let(late::accept) } }
            }
        } else if (promisedByBlocking(value) == null) {
            run.ledger.undelivered?.drop(run, index, value)
        }
        parts?.cancel()
        val rest = parts?.endOf(value, error)
        if (rest == null) end() else rest.whenComplete { _, _ -> end() }
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
        if (!interruptBody(index)) return null
        // The body may have returned; then its worker does the same.
        val parts = parts.takeIf { isInterrupted(index) }
        if (parts == null && !running.hasHook()) return null
        return {
            parts?.cancel()
            bodies.callHook(run, index, held) { running.onCancel() }
        }
    }

    override fun adopt(part: Station.Part): Station.Membership = lasting().adopt(part)

    override fun lasting(): Station.Parent {
        val parts = parts ?: Parts(bodies.owner).also { parts = it }
        if (isInterrupted(index)) parts.cancel() // whoever has interrupted it may not have seen them
        return parts
    }

    override fun owner(): Any = bodies.owner

    override fun ofCoroutine(): BodyContext? = bodies.context.ofCoroutine()

    override fun tryGoOn(): Boolean = !wasAbandoned() // the stage has got a token of its own

    override fun successor(): Worker = bodies.newWorker(run)

    override fun abandon(
        index: Int,
        end: (work: Work) -> Unit,
    ) {
        val running = work ?: return
        bodies.stragglers!!.giveUp(run, index, this, holdsPlace = true, { abandon(index) }) { end(running) }
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

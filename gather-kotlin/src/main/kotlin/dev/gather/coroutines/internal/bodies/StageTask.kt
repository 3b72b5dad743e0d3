package dev.gather.coroutines.internal.bodies

import dev.gather.Limiter.Permit
import dev.gather.coroutines.internal.cells.StageCell
import dev.gather.coroutines.internal.run.Cell
import dev.gather.coroutines.internal.run.Report
import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.unwrapped
import dev.gather.spi.ValueBehind
import dev.gather.spi.Work
import java.lang.ref.WeakReference
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage
import java.util.function.BiConsumer
import kotlin.coroutines.cancellation.CancellationException

/** A task whose value is that of a stage. It occupies no thread, only its slot and the place of who has started it. */
internal class StageTask private constructor(
    run: Run,
    private val index: Int,
    @Volatile private var work: Work?,
    private val stage: CompletionStage<*>,
    @Volatile private var start: Start?,
) : StageCell(),
    BiConsumer<Any?, Throwable?>,
    Cell.Running {
    /** What hangs on a stage that will not end with the task, in place of this; null for this itself. */
    private val link: StageLink? = if (work!!.isShared || !isFuture(stage)) StageLink(this) else null

    /** The run; once nobody waits for the stage any more, it is [Gone], and [work] and [start] are null. */
    @Volatile private var tie: Any = run

    /** How a task was started, where there is something to know about that. */
    internal class Start(
        val startNanos: Long,
        val deadline: TaskDeadline?,
        val permit: Permit?,
        val holdsPlace: Boolean,
        val hookCalled: Boolean,
    ) {
        /** The thread inside [attach], if it is that of a worker. */
        @Volatile var attacher: Thread? = null

        var endedInAttach = false // only used on that thread
    }

    /** The task, in one piece; which the stage does not keep. */
    private class Task(
        val run: Run,
        val work: Work,
        val start: Start?,
    )

    /** In place of the run. */
    private class Gone(
        task: Task?,
        /** Gets the value, if it still comes; null where nobody wants it. */
        val late: LateValue?,
    ) : WeakReference<Task>(task)

    /** Null if nobody is left to hear of it. */
    private fun task(): Task? {
        val work = work // before the tie: see letGo
        val start = start
        val tie = tie
        return if (tie is Run) Task(tie, work!!, start) else (tie as Gone).get()
    }

    /** With an idle token. Returns whether the task has ended in here: then the worker still has its place. */
    private fun attach(
        run: Run,
        start: Start?,
    ): Boolean {
        val isWorker = start != null && start.holdsPlace
        if (isWorker) start.attacher = Thread.currentThread()
        run.ledger.slots.set(index, this)
        start?.deadline?.moveTo(this)
        try {
            stage.whenComplete(link ?: this)
        } catch (e: Throwable) {
            accept(null, e) // not a proper stage
        }
        if (run.isStopped() && !run.ledger.isLeaving() && run.tokens.tryTake()) {
            // Whoever stopped the run may have come before the slot was filled.
            bodiesOf(run).callRest(run, listOfNotNull(interrupt(index)))
        }
        if (isWorker) start.attacher = null
        return isWorker && start.endedInAttach
    }

    override fun accept(
        result: Any?,
        error: Throwable?,
    ) {
        val value = if (error == null) result else (stage as? ValueBehind)?.valueBehind()
        val work = work // before the tie, as in task(), but without an object
        val start = start
        val run = tie as? Run
        if (run != null) return hasEnded(run, work!!, start, value, error)
        val gone = tie as Gone
        if (value != null) gone.late?.accept(value)
        val task = gone.get() ?: return
        hasEnded(task.run, task.work, task.start, null, error)
    }

    private fun hasEnded(
        run: Run,
        work: Work,
        start: Start?,
        value: Any?,
        error: Throwable?,
    ) {
        if (wasCancelled() || isCancelledElsewhere(error)) {
            // The future of another gather is done as soon as anybody cancels it; its tasks may not be.
            val terminated = work.terminated(stage)
            if (terminated !== stage) {
                terminated.whenComplete { _, _ -> endOnce(run, work, start, value, error) }
                return
            }
        }
        endOnce(run, work, start, value, error)
    }

    private fun endOnce(
        run: Run,
        work: Work,
        start: Start?,
        value: Any?,
        error: Throwable?,
    ) {
        if (tryEnd()) return end(run, work, start, value, error)
        run.ledger.undelivered?.drop(run, index, value)
        comeBack(run, start, error)
    }

    /** The task has been given up before. */
    private fun comeBack(
        run: Run,
        start: Start?,
        error: Throwable?,
    ) {
        if (tryComeBack()) bodiesOf(run).stragglers!!.comeBack(run, index, this, error?.let(::own), start?.permit)
    }

    /** What the task has failed with. What a body has thrown is that as it is. */
    private fun own(error: Throwable): Throwable = if (stage is Parts.End) error else unwrapped(error)

    private fun end(
        run: Run,
        work: Work,
        start: Start?,
        value: Any?,
        error: Throwable?,
    ) {
        val isInAttach = start != null && start.attacher === Thread.currentThread()
        val mayHoldBack = !isInAttach && run.ledger.mayLeave
        // Whoever hears of it is called here, and while that is so somebody of the run is left to go on.
        val isBusy = run.hearsEnds || work.recovers() || start?.holdsPlace == true
        if (isBusy) run.tokens.getBusy()
        if (mayHoldBack) run.delivery.holdBack()
        ended(run, index, work, value, error?.let(::own), start)
        when {
            start == null || !start.holdsPlace -> {
                if (run.admission != null) run.invite() // it may have been what others had to wait for
                if (isBusy) run.returnToken() else run.returnIdleToken()
            }

            isInAttach -> {
                start.endedInAttach = true // a helper called from here would make the stack grow with every task
                run.returnToken()
            }

            else -> run.taskLeft(index)
        }
        if (mayHoldBack) run.delivery.tellHeldBack()
    }

    override fun interrupt(index: Int): (() -> Unit)? {
        val task = task() ?: return null
        return if (tryCancel()) ({ cancelStage(task) }) else null
    }

    private fun cancelStage(task: Task) {
        val run = task.run
        val bodies = bodiesOf(run)
        val start = task.start
        if (start?.hookCalled != true) bodies.callHook(run, index, start?.permit) { task.work.onCancel() }
        var mayEnd = false
        if (!task.work.isShared) {
            bodies.callHook(run, index, null) { mayEnd = endsByCancel(stage) }
        }
        if (mayEnd) return
        if (tryEnd()) endsWithoutStage(task) else comeBack(run, start, null)
    }

    /** Nobody can end the stage, or nobody may: the task has ended when the stage is no longer waited for. */
    private fun endsWithoutStage(task: Task) {
        val late = LateValue.of(task.run, index)
        if (late == null) link?.task = null
        drop(Gone(null, late))
        end(task.run, task.work, task.start, null, CancellationException("the stage is no longer waited for"))
    }

    override fun abandon(
        index: Int,
        end: (work: Work) -> Unit,
    ) {
        val task = task() ?: return
        val holdsPlace = task.start?.holdsPlace == true
        bodiesOf(task.run).stragglers!!.giveUp(task.run, this.index, task, holdsPlace, ::tryAbandon) {
            task.run.tokens.getBusy() // it is given up in place of that
            drop(Gone(task, LateValue.of(task.run, this.index)))
            end(task.work)
        }
    }

    /** From here on the run keeps the task, and whoever holds that; not the stage. */
    private fun drop(gone: Gone) {
        tie = gone // first: whoever finds a run here has read what follows before it was dropped
        work = null
        start = null
    }

    override fun letGo() {
        if (tie !is Run) return
        val task = task() ?: return
        task.run.ledger.slots
            .set(index, Forgotten(task, this))
        drop(Gone(task, LateValue.of(task.run, index)))
    }

    /** A task that nobody waits for, in its slot. */
    private class Forgotten(
        @Suppress("unused") private val task: Task, // keeps it for as long as the run is
        private val stage: StageTask,
    ) : Cell.Running by stage

    override fun isOn(thread: Thread): Boolean = false

    companion object {
        private fun bodiesOf(run: Run) = run.bodies as ThreadBodies

        private fun ended(
            run: Run,
            index: Int,
            work: Work,
            value: Any?,
            error: Throwable?,
            start: Start?,
        ) = bodiesOf(run).ended(run, index, work, value, error, start?.startNanos ?: 0, start?.deadline, start?.permit)

        /**
         * Awaits a stage that has been running already, with an idle token; [start] is null where there is nothing to
         * know.
         */
        fun await(
            run: Run,
            index: Int,
            work: Work,
            start: Start?,
        ) {
            StageTask(run, index, work, work.call() as CompletionStage<*>, start).attach(run, start)
        }

        /** Awaits the stage that a worker has been given; true if it is done. */
        fun follow(
            run: Run,
            index: Int,
            work: Work,
            stage: Any?,
            start: Start,
        ): Boolean {
            if (stage !is CompletionStage<*>) {
                val name = Report.task(index, work.name())
                val returned = "$name returned ${stage?.javaClass?.name} instead of a stage"
                // Only a caller who takes no notice of the compiler's warnings gets anything else than null in here.
                val error = if (stage == null) NullPointerException(returned) else ClassCastException(returned)
                ended(run, index, work, null, error, start)
                return true
            }
            if (endsAtOnce(run, index, work, stage, start)) return true
            run.tokens.takeIdle(1) // whoever completes the stage has no thread for other tasks
            return StageTask(run, index, work, stage, start).attach(run, start)
        }

        /** A stage that has a value already needs no listener. */
        private fun endsAtOnce(
            run: Run,
            index: Int,
            work: Work,
            stage: CompletionStage<*>,
            start: Start?,
        ): Boolean {
            val future = valueIn(stage) ?: return false
            ended(run, index, work, future.join(), null, start)
            return true
        }
    }
}

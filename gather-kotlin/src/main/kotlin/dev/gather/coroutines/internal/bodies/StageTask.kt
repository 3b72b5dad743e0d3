package dev.gather.coroutines.internal.bodies

import dev.gather.coroutines.internal.cells.StageCell
import dev.gather.coroutines.internal.run.Cell
import dev.gather.coroutines.internal.run.Report
import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.unwrapped
import dev.gather.spi.Work
import java.lang.ref.WeakReference
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import java.util.concurrent.CompletionStage
import java.util.function.BiConsumer
import kotlin.coroutines.cancellation.CancellationException

/**
 * A task whose value is that of a stage. While it waits it occupies no thread, only its slot and, if
 * it was started by a worker, that worker's place.
 */
internal class StageTask private constructor(
    task: Task,
    private val stage: CompletionStage<*>,
    private val holdsPlace: Boolean,
    private val hookCalled: Boolean,
) : StageCell(),
    BiConsumer<Any?, Throwable?>,
    Cell.Running {
    /** What the stage keeps until it ends; and where nobody waits for that any more, what it does not. */
    @Volatile private var known: Task? = task

    @Volatile private var forgotten: WeakReference<Task>? = null

    private val task: Task? get() = known ?: forgotten?.get()

    /** The thread inside [attach], if it is that of a worker. */
    @Volatile private var attacher: Thread? = null

    private var endedInAttach = false // only used on that thread

    /** Returns whether the task has ended in here: then the worker still has its place. */
    private fun attach(
        task: Task,
        run: Run,
    ): Boolean {
        if (holdsPlace) attacher = Thread.currentThread()
        run.takeIdleToken() // whoever completes the stage has no thread for other tasks
        run.ledger.slots.set(task.index, this)
        task.deadline?.moveTo(this)
        try {
            stage.whenComplete(this)
        } catch (e: Throwable) {
            accept(null, e) // not a proper stage
        }
        if (run.isStopped() && !run.ledger.isLeaving() && run.tryTakeToken()) {
            interrupt(task.index)?.invoke() // whoever stopped the run may have come before the slot was filled
            run.returnToken()
        }
        if (holdsPlace) attacher = null
        return endedInAttach
    }

    override fun accept(
        value: Any?,
        error: Throwable?,
    ) {
        val task = task ?: return // nobody is left to hear of it
        if (!tryEnd()) return
        if (wasCancelled() || isCancelledElsewhere(error)) {
            // The future of another gather is done as soon as anybody cancels it; its tasks may not be.
            val terminated = task.work.terminated(stage)
            if (terminated !== stage) {
                terminated.whenComplete { _, _ -> end(task, value, error) }
                return
            }
        }
        end(task, value, error)
    }

    /** Not if it is another gather that has failed with the cancellation of one of its tasks. */
    private fun isCancelledElsewhere(error: Throwable?): Boolean =
        error is CancellationException ||
            (error?.javaClass == CompletionException::class.java && error.cause is CancellationException)

    private fun end(
        task: Task,
        value: Any?,
        error: Throwable?,
    ) {
        val run = task.run
        run.getBusy()
        val isInAttach = attacher === Thread.currentThread()
        if (!isInAttach) run.delivery.holdBack()
        task.ended(value, error?.let(::unwrapped))
        when {
            !holdsPlace -> {
                if (run.admission != null) run.invite() // it may have been what others had to wait for
                run.returnToken()
            }

            isInAttach -> {
                endedInAttach = true // a helper called from here would make the stack grow with every task
                run.returnToken()
            }

            else -> run.taskLeft(task.index)
        }
        if (!isInAttach) run.delivery.tellHeldBack()
    }

    override fun interrupt(index: Int): (() -> Unit)? {
        val task = task ?: return null
        return if (tryCancel()) ({ cancelStage(task) }) else null
    }

    private fun cancelStage(task: Task) {
        if (!hookCalled) task.bodies.callHook(task.run, task.index, task.permit) { task.work.onCancel() }
        task.bodies.callHook(task.run, task.index, null) { futureOf(stage)?.cancel(true) }
    }

    override fun letGo() {
        val task = known ?: return
        // From here on the run keeps it, and whoever holds that; not the stage.
        task.run.ledger.slots
            .set(task.index, Forgotten(task, this))
        forgotten = WeakReference(task)
        known = null
    }

    /** A task that nobody waits for, in its slot. */
    private class Forgotten(
        @Suppress("unused") private val task: Task, // keeps it for as long as the run is
        private val stage: StageTask,
    ) : Cell.Running by stage

    override fun isOn(thread: Thread): Boolean = false

    companion object {
        fun isDone(work: Work): Boolean = futureOf(work.call() as CompletionStage<*>)?.isDone ?: false

        fun hasValue(work: Work): Boolean = (work.call() as? CompletableFuture<*>)?.let(::valueIn) != null

        /** Awaits a stage that has been running already. */
        fun start(task: Task) {
            val stage = task.work.call() as CompletionStage<*>
            if (!endsAtOnce(
                    task,
                    stage,
                )
            ) {
                StageTask(task, stage, holdsPlace = false, hookCalled = false).attach(task, task.run)
            }
        }

        /** Awaits the stage that a worker has been given; true if it is done. */
        fun follow(
            task: Task,
            stage: Any?,
            hookCalled: Boolean,
        ): Boolean {
            if (stage !is CompletionStage<*>) {
                val name = Report.task(task.index, task.work.name())
                val returned = "$name returned ${stage?.javaClass?.name} instead of a stage"
                // Only a caller who takes no notice of the compiler's warnings gets anything else than null in here.
                task.ended(null, if (stage == null) NullPointerException(returned) else ClassCastException(returned))
                return true
            }
            return endsAtOnce(task, stage) ||
                StageTask(task, stage, holdsPlace = true, hookCalled).attach(task, task.run)
        }

        /** A stage that has a value already needs no listener. */
        private fun endsAtOnce(
            task: Task,
            stage: CompletionStage<*>,
        ): Boolean {
            val future = (stage as? CompletableFuture<*>)?.let(::valueIn) ?: return false
            task.ended(future.join(), null)
            return true
        }

        /** The future of a stage that has a value. */
        private fun valueIn(stage: CompletableFuture<*>): CompletableFuture<*>? =
            futureOf(stage)?.takeIf { it.isDone && !it.isCompletedExceptionally }

        /**
         * Null for a stage that has none. A minimal stage of the JDK extends CompletableFuture and refuses
         * its methods, so it is asked like any other.
         */
        private fun futureOf(stage: CompletionStage<*>): CompletableFuture<*>? =
            try {
                stage.toCompletableFuture()
            } catch (_: RuntimeException) {
                null
            }
    }
}

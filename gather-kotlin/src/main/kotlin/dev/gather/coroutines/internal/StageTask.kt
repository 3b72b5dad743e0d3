package dev.gather.coroutines.internal

import dev.gather.spi.Work
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import java.util.concurrent.CompletionStage
import java.util.function.BiConsumer
import kotlin.coroutines.cancellation.CancellationException

/**
 * A task whose value is that of a stage. While it waits it occupies no thread, only its slot and, if
 * it was started by a worker, that worker's permit.
 */
internal open class StageTask private constructor(
    private val run: FutureRun,
    private val index: Int,
    private val work: Work,
    private val stage: CompletionStage<*>,
    private val holdsPermit: Boolean,
) : StageCell(),
    BiConsumer<Any?, Throwable?>,
    Cell.Running {
    protected open val startNanos: Long get() = 0
    protected open val deadline: TaskDeadline? get() = null
    protected open val hookCalled: Boolean get() = false

    /** The thread inside [attach], if it is that of a worker. */
    @Volatile private var attacher: Thread? = null
    private var endedInAttach = false // only used on that thread

    /** Returns whether the task has ended in here: then the worker still has its permit. */
    private fun attach(): Boolean {
        if (holdsPermit) attacher = Thread.currentThread()
        run.takeToken()
        run.slots.set(index, this)
        deadline?.moveTo(this)
        try {
            stage.whenComplete(this)
        } catch (e: Throwable) {
            accept(null, e) // not a proper stage
        }
        if (run.isCancelling()) cancel(index)
        if (holdsPermit) attacher = null
        return endedInAttach
    }

    override fun accept(
        value: Any?,
        error: Throwable?,
    ) {
        if (!tryEnd()) return
        if (wasCancelled() || isCancelledElsewhere(error)) {
            // The future of another gather is done as soon as anybody cancels it; its tasks may not be.
            val terminated = work.terminated(stage)
            if (terminated !== stage) {
                terminated.whenComplete { _, _ -> end(value, error) }
                return
            }
        }
        end(value, error)
    }

    /** Not if it is another gather that has failed with the cancellation of one of its tasks. */
    private fun isCancelledElsewhere(error: Throwable?): Boolean =
        error is CancellationException ||
            (error?.javaClass == CompletionException::class.java && error.cause is CancellationException)

    private fun end(
        value: Any?,
        error: Throwable?,
    ) {
        run.bodyEnded(index, work, value, error?.let(::unwrapped), startNanos, deadline)
        if (holdsPermit) {
            if (attacher === Thread.currentThread()) {
                endedInAttach = true // a helper called from here would make the stack grow with every task
            } else {
                run.taskLeft(index)
            }
        } else {
            run.startedEnded()
        }
        run.returnToken()
    }

    override fun cancel(index: Int) {
        if (!run.tryTakeToken()) return // the run does not end before the hook has returned
        if (tryCancel()) cancelStage()
        run.returnToken()
    }

    private fun cancelStage() {
        if (!hookCalled) run.callHook(index, work)
        try {
            futureOf(stage)?.cancel(true)
        } catch (e: Throwable) {
            run.cleanupFailed(index, e)
        }
    }

    /** With what few need: there may be very many stages. */
    private class Watched(
        run: FutureRun,
        index: Int,
        work: Work,
        stage: CompletionStage<*>,
        holdsPermit: Boolean,
        override val startNanos: Long,
        override val deadline: TaskDeadline?,
        override val hookCalled: Boolean,
    ) : StageTask(run, index, work, stage, holdsPermit)

    companion object {
        fun isDone(work: Work): Boolean = futureOf(work.call() as CompletionStage<*>)?.isDone ?: false

        /** The task ends in here if its stage has a value already, which needs no listener. */
        fun hadValue(
            run: FutureRun,
            index: Int,
            work: Work,
        ): Boolean {
            val stage = work.call() as CompletionStage<*>
            val future = (stage as? CompletableFuture<*>)?.let(::futureOf) ?: return false
            if (!future.isDone || future.isCompletedExceptionally) return false
            val startNanos = run.bodyStarts(index, work)
            val deadline = run.startDeadline(index, work, null)
            run.bodyEnded(index, work, future.join(), null, startNanos, deadline)
            return true
        }

        /** Awaits a stage that has been running already. */
        fun start(
            run: FutureRun,
            index: Int,
            work: Work,
        ) {
            val startNanos = run.bodyStarts(index, work)
            val deadline = run.startDeadline(index, work, null)
            val stage = work.call() as CompletionStage<*>
            if (!endsAtOnce(run, index, work, stage, startNanos, deadline)) {
                create(run, index, work, stage, false, startNanos, deadline, false).attach()
            }
        }

        /** Awaits the stage that a worker has been given; true if it is done. */
        fun follow(
            run: FutureRun,
            index: Int,
            work: Work,
            stage: Any?,
            startNanos: Long,
            deadline: TaskDeadline?,
            hookCalled: Boolean,
        ): Boolean {
            if (stage !is CompletionStage<*>) {
                val task = Report.task(index, work.name())
                val returned = "$task returned ${stage?.javaClass?.name} instead of a stage"
                // Only a caller who takes no notice of the compiler's warnings gets anything else than null in here.
                val error = if (stage == null) NullPointerException(returned) else ClassCastException(returned)
                run.bodyEnded(index, work, null, error, startNanos, deadline)
                return true
            }
            if (endsAtOnce(run, index, work, stage, startNanos, deadline)) return true
            return create(run, index, work, stage, true, startNanos, deadline, hookCalled).attach()
        }

        private fun create(
            run: FutureRun,
            index: Int,
            work: Work,
            stage: CompletionStage<*>,
            holdsPermit: Boolean,
            startNanos: Long,
            deadline: TaskDeadline?,
            hookCalled: Boolean,
        ): StageTask =
            if (startNanos == 0L && deadline == null && !hookCalled) {
                StageTask(run, index, work, stage, holdsPermit)
            } else {
                Watched(run, index, work, stage, holdsPermit, startNanos, deadline, hookCalled)
            }

        /** A stage that has a value already needs no listener. */
        private fun endsAtOnce(
            run: FutureRun,
            index: Int,
            work: Work,
            stage: CompletionStage<*>,
            startNanos: Long,
            deadline: TaskDeadline?,
        ): Boolean {
            val future = (stage as? CompletableFuture<*>)?.let(::futureOf) ?: return false
            if (!future.isDone || future.isCompletedExceptionally) return false
            run.bodyEnded(index, work, future.join(), null, startNanos, deadline)
            return true
        }

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

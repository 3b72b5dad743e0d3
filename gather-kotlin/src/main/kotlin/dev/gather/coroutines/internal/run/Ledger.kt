package dev.gather.coroutines.internal.run

import dev.gather.CancelReason
import dev.gather.FailurePolicy
import dev.gather.Limiter.Permit
import dev.gather.Outcome
import dev.gather.coroutines.internal.cells.Slots
import dev.gather.coroutines.internal.cells.Verdict
import java.time.Duration
import java.util.Collections
import kotlin.coroutines.cancellation.CancellationException

/**
 * How tasks end, and what of that ends all: the only place where a task ends. Each end goes the same way:
 *
 * 1. *decide*: its slot, whether it is the first failure, whether it stops the others. No code of a user runs.
 * 2. *give back* what the task held of a limiter. So whoever hears of the end may ask for that.
 * 3. *act*: cancel the others, if that was decided; before anybody hears of it, since a listener may take its time.
 * 4. *tell* the listener, and whoever takes results one by one.
 */
internal class Ledger(
    val settled: Boolean,
    private val policy: FailurePolicy,
    private val events: Events?,
    val slots: Slots,
    val undelivered: Undelivered? = null,
) : Verdict() {
    /** Whether somebody hears of every end. */
    val isHeard: Boolean get() = events != null

    /** Whether the first failure may be the result while others are running. */
    val mayLeave: Boolean = policy == FailurePolicy.LEAVE_OTHERS

    private var cleanupErrors: MutableList<Throwable>? = null // guarded by the slots

    @Volatile private var leftAreCancelled = false

    // ---- tasks

    /** Whoever hears of the start is a part of the task, which has the permit. */
    fun started(
        run: Run,
        index: Int,
        permit: Permit?,
    ): Long {
        if (!run.hearsEnds) return 0
        events?.started(index, run.nameOf(index), permit)
        return run.bodies.nanos()
    }

    fun succeeded(
        run: Run,
        index: Int,
        value: Any?,
        startNanos: Long,
        permit: Permit?,
    ) {
        val isLate = run.isStopped() && !isLeaving()
        val cell = if (isLate) Cell.STOPPED else Cell.ofValue(value)
        val isKept = undelivered == null || !isLate && undelivered.keep(run, index, value)
        slots.end(index, cell)
        close(run, index, cell, startNanos, permit, Consequence.NONE)
        if (!isKept) undelivered.drop(run, index, value)
    }

    /** @param isFatal whether it fails the gather in every mode, and is no outcome */
    fun failed(
        run: Run,
        index: Int,
        error: Throwable,
        startNanos: Long,
        permit: Permit?,
        isFatal: Boolean = isFatal(error),
        hasStarted: Boolean = true,
    ) {
        val isStopped = run.isStopped()
        val cell =
            when {
                // A fatal error is no outcome. What a task threw by itself is a failure, before and after
                // another one has stopped the run: no failure is lost.
                isFatal -> Cell.FATAL
                !isStopped && error is CancellationException -> Cell.SelfCancelled(error)
                !isStopped -> Cell.Failed(error, hasStarted)
                isCancellation(error) -> Cell.STOPPED
                stop() == CancelReason.OTHER_FAILED -> Cell.Failed(error, hasStarted)
                else -> Cell.STOPPED
            }
        slots.end(index, cell)
        var dropped: Throwable? = null
        val consequence =
            when {
                isFatal -> fail(run, index, error, isFatal = true).also {
                    if (failure()?.cause !== error) dropped = error
                }
                !isStopped -> if (settled) Consequence.NONE else fail(run, index, error)
                isCancellation(error) -> Consequence.NONE
                cell === Cell.STOPPED -> Consequence.NONE.also { dropped = keep(error) }
                else -> Consequence.NONE.also { if (hasLeft()) dropped = error }
            }
        close(run, index, cell, startNanos, permit, consequence)
        dropped?.let { events?.dropped(run, index, run.nameOf(index), it) }
    }

    /** A task will not start any more although it was taken. */
    fun neverStarted(
        run: Run,
        index: Int,
        permit: Permit? = null,
    ) {
        slots.end(index, Cell.NEVER_STARTED)
        close(run, index, Cell.NEVER_STARTED, 0, permit, Consequence.NONE)
    }

    private fun close(
        run: Run,
        index: Int,
        cell: Any,
        startNanos: Long,
        permit: Permit?,
        decided: Consequence,
    ) {
        val delivery = run.delivery
        val isHeard = run.hearsEnds
        if (!isHeard && run.admission == null && decided == Consequence.NONE) return
        val name = if (isHeard) run.nameOf(index) else null
        val outcome = if (isHeard) Cell.toOutcome(cell, true, stop()) else null
        val elapsed = if (isHeard) elapsed(run, cell, startNanos) else Duration.ZERO
        var consequence = decided
        if (delivery.hearsEnds && cell !== Cell.FATAL && delivery.count(run, index, name, outcome!!, elapsed)) {
            consequence = Consequence.STOP
        }
        run.admission?.ended(index, Cell.isFailure(cell))
        permit?.close()
        act(run, consequence)
        if (!isHeard) return
        events?.ended(run, index, name, outcome!!, elapsed)
        if (delivery.hearsEnds) delivery.handOut(run)
    }

    private fun elapsed(
        run: Run,
        cell: Any,
        startNanos: Long,
    ): Duration {
        val hasStarted = cell !== Cell.NEVER_STARTED && (cell !is Cell.Failed || cell.hasStarted)
        return if (hasStarted) Duration.ofNanos(run.bodies.nanos() - startNanos) else Duration.ZERO
    }

    /** Reading the input threw: that fails the gather in every mode. */
    fun inputFailed(
        run: Run,
        error: Throwable,
    ) {
        if (run.isStopped()) return // reading was interrupted
        act(run, fail(run, -1, error, isFatal = true))
        if (failure()?.cause !== error) events?.dropped(run, -1, null, error)
    }

    /** An error that no outcome carries. */
    fun cleanupFailed(
        run: Run,
        index: Int,
        error: Throwable,
    ) {
        keep(error)
        events?.dropped(run, index, run.nameOf(index), error)
    }

    private fun keep(error: Throwable): Throwable {
        synchronized(slots) { (cleanupErrors ?: ArrayList<Throwable>().also { cleanupErrors = it }).add(error) }
        return error
    }

    // ---- what stops all

    private enum class Consequence {
        NONE,

        /** Nothing starts any more, and what is running is cancelled. */
        STOP,

        /** Nothing starts any more, and what is running is left to itself. */
        LEAVE,
    }

    private fun fail(
        run: Run,
        index: Int,
        cause: Throwable,
        isFatal: Boolean = false,
    ): Consequence {
        if (isFatal && run.delivery.isDecided()) return Consequence.NONE
        if (!tryFail(FirstFailure(index, run.nameOf(index), cause, isFatal))) {
            if (!isFatal) return Consequence.NONE // it is an outcome
            keep(cause)
        }
        return when {
            isFatal -> {
                tryStop(CancelReason.OTHER_FAILED)
                Consequence.STOP // even where it was about to leave the others
            }

            policy == FailurePolicy.CANCEL_OTHERS ->
                if (tryStop(CancelReason.OTHER_FAILED)) Consequence.STOP else Consequence.NONE

            policy == FailurePolicy.LEAVE_OTHERS ->
                if (tryStop(CancelReason.OTHER_FAILED)) Consequence.LEAVE else Consequence.NONE

            else -> Consequence.NONE
        }
    }

    private fun act(
        run: Run,
        consequence: Consequence,
    ) {
        when (consequence) {
            Consequence.NONE -> Unit
            Consequence.STOP -> run.stopped()
            Consequence.LEAVE -> run.left()
        }
    }

    /** So many tasks have failed that the rest cannot make up for it; true if that stops the run. */
    fun tryFailAltogether(
        run: Run,
        first: FirstFailure,
    ): Boolean = !run.isStopped() && tryFail(first) && tryStop(CancelReason.OTHER_FAILED)

    /** Whether the run was over before its last task, and left what was still running to run on. */
    fun hasLeft(): Boolean =
        mayLeave &&
            stop() == CancelReason.OTHER_FAILED &&
            failure()?.fatal == false

    fun isLeaving(): Boolean = hasLeft() && !leftAreCancelled

    /** The owner of what was left to run on cancels it after all. */
    fun stopLeaving() {
        leftAreCancelled = true
    }

    // ---- the end

    /** How every task ended, or what will become of it. */
    fun outcomes(source: Source): List<Outcome<Any?>> {
        val taken = source.taken()
        val stop = stop()
        val outcomes = List(source.size()) { Cell.toOutcome(slots.get(source.originalOf(it)), it < taken, stop) }
        return Collections.unmodifiableList(outcomes)
    }

    /** The same for an exception. */
    fun outcomesOfFailure(source: Source): List<Outcome<Any?>> =
        outcomes(source).let { undelivered?.withoutValues(it, source) ?: it }

    /** Every value, without a copy; only when all tasks have succeeded and nothing runs any more. */
    fun values(source: Source): List<Any?> {
        val size = source.size()
        for (i in 0 until size) {
            if (slots.get(i) === Cell.NULL) slots.clear(i)
        }
        return slots.asList(size)
    }

    /** A place that shares the result of an earlier one; all have ended. */
    fun repeat(
        run: Run,
        index: Int,
        original: Int,
    ) {
        val cell = slots.get(original) ?: Cell.NEVER_STARTED
        slots.end(index, cell)
        events?.ended(run, index, run.nameOf(index), Cell.toOutcome(cell, true, stop()), Duration.ZERO)
    }

    /** Those that never started have ended too, so that the number of ends reaches the total. */
    fun settleNeverStarted(
        run: Run,
        source: Source,
    ) {
        if (stop() == null) return
        for (i in source.taken() until source.size()) {
            if (slots.get(i) == null) neverStarted(run, i) // what needs no worker may have ended
        }
    }

    fun cleanupErrors(): List<Throwable> = synchronized(slots) { cleanupErrors?.toList() ?: emptyList() }
}

package dev.gather.coroutines.internal

import dev.gather.CancelReason
import dev.gather.FailurePolicy
import dev.gather.Outcome
import java.util.Collections
import kotlin.coroutines.cancellation.CancellationException

/** How tasks end, and what of that ends all: what a [Run] knows without its workers. */
internal abstract class Endings(
    val settled: Boolean,
    val policy: FailurePolicy,
    protected val events: Events?,
    source: TaskSource,
    val slots: Slots,
) {
    val verdict: Verdict = Verdict()

    /** Dropped at the end, so that a finished run holds no user code. */
    @Volatile
    protected var source: TaskSource? = source
        private set

    /** What else has to let a task start; mostly nothing has. */
    protected var gate: Gate? = null
    private var cleanupErrors: MutableList<Throwable>? = null // guarded by the slots

    @Volatile private var leftAreCancelled = false

    /** Whether something has decided that no further task starts. */
    abstract fun isStopped(): Boolean

    /** Cancels every task that is running; called once something has stopped the run. */
    abstract fun cancelRunning()

    /** A worker that is on its way is not needed. */
    protected abstract fun revokeHelper()

    /** What is being read is not wanted any more. */
    protected open fun interruptReading() {}

    /** The result may be delivered although tasks are still running. */
    protected abstract fun decidedEarly()

    /** Whether the result is out, so that nothing can change it any more. */
    protected abstract fun isDelivered(): Boolean

    // ---- tasks

    fun succeeded(
        index: Int,
        value: Any?,
        startNanos: Long,
    ) {
        val cell = if (isStopped() && !isLeaving()) Cell.STOPPED else Cell.ofValue(value)
        slots.end(index, cell)
        gate?.ended(index)
        events?.ended(index, nameOf(index), cell, verdict.stop(), startNanos)
    }

    fun failed(
        index: Int,
        error: Throwable,
        startNanos: Long,
    ) {
        val stopped = isStopped()
        val selfCancelled = !stopped && error is CancellationException
        val cell =
            when {
                // A fatal error is no outcome. What a task threw by itself is a failure, before and after
                // another one has stopped the run: no failure is lost.
                isFatal(error) -> Cell.FATAL
                selfCancelled -> Cell.SELF_CANCELLED
                !stopped -> Cell.Failed(error)
                isCancellation(error) -> Cell.STOPPED
                verdict.stop() == CancelReason.OTHER_FAILED -> Cell.Failed(error)
                else -> Cell.STOPPED
            }
        slots.end(index, cell)
        gate?.ended(index)
        events?.ended(index, nameOf(index), cell, verdict.stop(), startNanos)
        if (Cell.isFailure(cell)) gate?.failed(index)
        when {
            isFatal(error) -> fail(index, error, fatal = true)
            !stopped -> if (!settled) fail(index, error)
            isCancellation(error) -> Unit
            cell === Cell.STOPPED -> cleanupFailed(index, error)
            hasLeft() -> events?.dropped(index, nameOf(index), error)
        }
    }

    /** A task will not start any more although it was taken. */
    fun neverStarted(index: Int) {
        slots.end(index, Cell.NEVER_STARTED)
        gate?.ended(index)
        events?.ended(index, nameOf(index), Cell.NEVER_STARTED, verdict.stop(), 0)
    }

    /** Reading the input threw: that fails the gather in every mode. */
    fun inputFailed(error: Throwable) {
        if (!isStopped()) fail(-1, error, fatal = true) // else reading was interrupted
    }

    /** An error that no outcome carries. */
    fun cleanupFailed(
        index: Int,
        error: Throwable,
    ) {
        synchronized(slots) {
            val errors = cleanupErrors ?: ArrayList<Throwable>().also { cleanupErrors = it }
            errors.add(error)
        }
        events?.dropped(index, nameOf(index), error)
    }

    private fun fail(
        index: Int,
        cause: Throwable,
        fatal: Boolean = false,
    ) {
        if (fatal && isDelivered()) {
            events?.dropped(index, nameOf(index), cause) // too late to fail the gather with it
            return
        }
        if (!verdict.tryFail(Verdict.FirstFailure(index, nameOf(index), cause, fatal))) {
            if (!fatal) return // it is an outcome
            cleanupFailed(index, cause)
        }
        if (fatal) {
            if (!stop(CancelReason.OTHER_FAILED)) cancelRunning() // it may have been about to leave the others
        } else if (policy == FailurePolicy.CANCEL_OTHERS) {
            stop(CancelReason.OTHER_FAILED)
        } else if (policy == FailurePolicy.LEAVE_OTHERS && verdict.tryStop(CancelReason.OTHER_FAILED)) {
            revokeHelper()
            gate?.close()
            interruptReading()
            decidedEarly()
        }
    }

    /** Nothing starts any more, and what is running is cancelled. */
    fun stop(reason: CancelReason): Boolean {
        if (!verdict.tryStop(reason)) return false
        revokeHelper()
        gate?.close() // first: a hook may wait for what is kept behind it
        cancelRunning()
        return true
    }

    /** Whether the run was over before its last task, and left what was still running to run on. */
    protected fun hasLeft(): Boolean =
        policy == FailurePolicy.LEAVE_OTHERS &&
            verdict.stop() == CancelReason.OTHER_FAILED &&
            verdict.failure()?.fatal == false

    protected fun isLeaving(): Boolean = hasLeft() && !leftAreCancelled

    /** The owner of what was left to run on cancels it after all. */
    protected fun stopLeaving() {
        leftAreCancelled = true
    }

    /** So many tasks have failed that the rest cannot make up for it. */
    fun failedAltogether(first: Verdict.FirstFailure) {
        if (isStopped() || !verdict.tryFail(first)) return
        stop(CancelReason.OTHER_FAILED)
    }

    /** How many tasks there are; -1 while nobody knows. */
    fun total(): Int = source?.total ?: -1

    // ---- the end

    /** How many tasks there are, as far as anybody knows. */
    protected fun size(input: TaskSource = source!!): Int = if (input.total >= 0) input.total else input.taken()

    /** How every task ended, or what will become of it. */
    protected open fun outcomes(): List<Outcome<Any?>> {
        val taken = source!!.taken()
        val stop = verdict.stop()
        val outcomes =
            List(size()) {
                val index = originalOf(it)
                Cell.toOutcome(slots.get(index), index < taken, stop)
            }
        return Collections.unmodifiableList(outcomes)
    }

    /** The earlier place whose task is that of this place too; mostly the place itself. */
    open fun originalOf(index: Int): Int = index

    /** The later places that share the result of this one. */
    open fun repeatsOf(index: Int): List<Int> = emptyList()

    /** Every value, without a copy; only when all tasks have succeeded and nothing runs any more. */
    protected fun values(): List<Any?> {
        val size = size()
        for (i in 0 until size) {
            if (slots.get(i) === Cell.NULL) slots.clear(i)
        }
        return slots.asList(size)
    }

    /** Those that never started have ended too, so that the number of ends reaches the total. */
    protected fun settleNeverStarted() {
        if (verdict.stop() == null) return
        for (i in source!!.taken() until size()) {
            if (slots.get(i) == null) neverStarted(i) // what needs no worker may have ended
        }
    }

    /** What the user calls the task at this place, if anything; looked up only where somebody wants to know. */
    protected open fun nameOf(index: Int): String? = source!!.nameOf(index)

    protected fun cleanupErrors(): List<Throwable> = synchronized(slots) { cleanupErrors?.toList() ?: emptyList() }

    /** After this the run holds neither the input nor a body. */
    protected fun dropSource() {
        source = null
    }
}

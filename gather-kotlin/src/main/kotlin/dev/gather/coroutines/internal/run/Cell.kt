package dev.gather.coroutines.internal.run

import dev.gather.CancelReason
import dev.gather.Outcome
import dev.gather.spi.Work

/**
 * What stands in a slot once its task has ended: a value as it is, or one of these. They are private
 * to the engine, so no value can be taken for one of them.
 */
internal object Cell {
    /** The value null; an empty slot means that the task has not started. */
    val NULL: Any = Any()

    /** Cancelled by whatever stopped the run. */
    val STOPPED: Any = Any()

    /** The run was stopped before the task could start. */
    val NEVER_STARTED: Any = Any()

    /** The task ended with an error of the JVM itself, which is no outcome: the gather fails with it. */
    val FATAL: Any = Any()

    /** The task cancelled itself. */
    class SelfCancelled(
        @JvmField val cause: Throwable,
    )

    class Failed(
        @JvmField val cause: Throwable,
        @JvmField val hasStarted: Boolean = true,
    )

    /** Stands in a slot while its task runs and can be cancelled one by one. */
    interface Running {
        /**
         * Cancels it as far as that runs no code of users: interrupts it, and whatever follows finds it cancelled.
         *
         * @return the rest, which is code of users: hooks, dependents of stages; `null` if there is none
         */
        fun interrupt(index: Int): (() -> Unit)?

        /** Whether it runs a body on this thread. */
        fun isOn(thread: Thread): Boolean

        /**
         * Ends a task that has been interrupted and does not stop: nobody waits for it any more, but for the end of all.
         *
         * @param end how it ends
         */
        fun abandon(
            index: Int,
            end: (work: Work) -> Unit,
        ) {}

        /** Nobody waits for it any more: what it waits for, perhaps for ever, must not keep the gather. */
        fun letGo() {}
    }

    fun ofValue(value: Any?): Any = value ?: NULL

    /** Whether the task has failed by itself. */
    fun isFailure(cell: Any?): Boolean = cell is Failed || cell is SelfCancelled

    /** A task that has not ended is described as what will become of it. */
    fun toOutcome(
        cell: Any?,
        started: Boolean,
        stop: CancelReason?,
    ): Outcome<Any?> =
        when {
            cell === NULL -> Outcome.Success(null)
            cell is SelfCancelled -> Outcome.Cancelled(CancelReason.TASK, true, cell.cause)
            cell === FATAL -> Outcome.Cancelled(CancelReason.TASK, true)
            cell === STOPPED || cell is Running -> Outcome.Cancelled(stop ?: CancelReason.GATHER, true)
            cell === NEVER_STARTED -> Outcome.Cancelled(stop ?: CancelReason.GATHER, false)
            cell == null -> Outcome.Cancelled(stop ?: CancelReason.GATHER, started)
            cell is Failed -> Outcome.Failure(cell.cause)
            else -> Outcome.Success(cell)
        }
}

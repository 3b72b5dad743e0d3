package dev.gather.coroutines.internal.admission

import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.Worker

/** A reason to let a task start or not that has nothing to do with the limit. One of a [Turnstile]. */
internal interface Gate {
    /** Whether the next task may start; by one worker at a time. If not, the gate invites somebody when it may. */
    fun tryPass(
        run: Run,
        worker: Worker,
    ): Boolean

    /** Whether somebody might pass. */
    fun isOpen(): Boolean

    /** The task that has passed starts. */
    fun started(
        run: Run,
        index: Int,
    ) {}

    /** A task has ended; no code of a user runs in here. */
    fun ended(
        index: Int,
        hasFailed: Boolean,
    ) {}

    /** Whether the task that is here may have to borrow from whoever has brought it. */
    fun mayBorrow(run: Run): Boolean = false

    /** Calls code of a user that is a part of the gather and of no task. */
    fun asking(action: () -> Any?): Any? = action()

    /** What a task in front of it waits for, in words for people; `null` if that is nothing of theirs. */
    val waitsFor: String? get() = null

    /** Nothing starts any more. */
    fun close() {}
}

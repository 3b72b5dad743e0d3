package dev.gather.coroutines.internal.run

import dev.gather.Limiter.Permit

/** Runs tasks of one [Run]; at any time for one task, whose number is [index]. */
internal interface Worker {
    var index: Int

    /** What the task holds of the gather's limiter, if there is one; whoever ends the task gives it back. */
    var permit: Permit?

    /**
     * Runs the task.
     *
     * @return who takes the next, mostly this one again, where the task has ended; `null` where it goes on by itself,
     * with the place under the limit and a token of its own, and with this worker
     */
    fun run(item: Any?): Worker?

    /** Whether it has gone without a place and a token: nobody has waited for the body that it was running. */
    val isGone: Boolean get() = false

    /** The task has no thread to run on. */
    fun refuse(
        item: Any?,
        refusal: Throwable,
    )
}

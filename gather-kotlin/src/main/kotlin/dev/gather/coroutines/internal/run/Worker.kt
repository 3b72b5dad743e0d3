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
     * with the place under the limit, and with this worker
     */
    fun run(item: Any?): Worker?

    /**
     * The task goes on by itself: whether the thread has a token to go on with. If not, the run may have ended, or this
     * thread was not waited for.
     */
    fun tryGoOn(): Boolean

    /** Who takes the next task on this thread where this one goes on with its own. */
    fun successor(): Worker

    /** The task has no thread to run on. */
    fun refuse(
        item: Any?,
        refusal: Throwable,
    )
}

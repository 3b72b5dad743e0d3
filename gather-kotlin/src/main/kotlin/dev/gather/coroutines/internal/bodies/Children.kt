package dev.gather.coroutines.internal.bodies

import dev.gather.coroutines.internal.run.Run
import kotlinx.coroutines.Job

/**
 * The coroutines of the tasks of one gather: children of its job, cancelled with it, to anyone who looks.
 *
 * A job keeps its children in a list that all threads add to and take from, at the same two ends: for bodies that
 * suspend for a moment that is a third of all that a task costs. So each stands in the slot of its task instead, and one
 * listener cancels them all. They are put into that list when somebody asks one of them for its parent, and from then on.
 */
internal class Children(
    private val run: Run,
    val job: Job,
    isWatched: Boolean,
) {
    /*
     * Who adds writes the slot, then looks whether they are shown, and whether the job is cancelled; who shows them or
     * cancels the job does that first, and then reads the slots. So one of the two sees the other.
     */
    @Volatile private var areShown = isWatched || !run.ledger.slots.areKept()

    /** Whether all that were there before are shown as well. */
    @Volatile private var allAreShown = areShown

    /** Before there is any. */
    fun listen() {
        if (!areShown) job.onCancelling { cancelAll() }
    }

    fun add(
        child: TaskCoroutine,
        index: Int,
    ) {
        if (areShown) return child.attach(job)
        run.ledger.slots.set(index, child.handle())
        if (areShown) child.attach(job)
        if (!job.isActive) child.cancel(job.cancellation())
    }

    /** From here on the job has them all among its children. */
    fun show() {
        if (allAreShown) return
        areShown = true
        forEach { it.attach(job) }
        allAreShown = true
    }

    private fun cancelAll() {
        val cause = job.cancellation()
        var thrown: Throwable? = null
        forEach {
            try {
                it.cancel(cause) // as a parent cancels its children
            } catch (e: Throwable) {
                // the stack may be at its end: the others are cancelled all the same
                thrown = thrown ?: e
            }
        }
        thrown?.let { throw it }
    }

    private fun forEach(action: (TaskCoroutine) -> Unit) {
        val upTo = run.source?.size() ?: return // all have ended
        run.ledger.slots.forEach(upTo) { cell, _ -> if (cell is TaskCoroutine.Handle) action(cell.task) }
    }
}

/** Whoever looks for circles goes from job to child, and is to come down to these. */
internal fun Sequence<Job>.show() = forEach { (it as? TaskCoroutine)?.siblings?.show() }

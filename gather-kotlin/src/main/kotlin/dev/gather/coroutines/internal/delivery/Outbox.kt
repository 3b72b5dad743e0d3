package dev.gather.coroutines.internal.delivery

import dev.gather.Completed
import java.util.concurrent.ConcurrentLinkedQueue

/**
 * Results on their way to whoever takes them one by one. Anybody may add one; one thread at a time takes
 * them: as they came or, in order, each success after all that stand before it in the input, and what is
 * no success as soon as it is there.
 */
internal class Outbox(
    private val inOrder: Boolean,
) {
    private val added = ConcurrentLinkedQueue<Completed<Any?>>()

    // Only used by whoever takes.
    private val early = HashMap<Long, Completed<Any?>>()
    private val taken = Positions()

    fun add(completed: Completed<Any?>) {
        added.add(completed)
    }

    /** Null if there is none whose turn it is. */
    fun take(): Completed<Any?>? {
        if (!inOrder) return added.poll()
        while (true) {
            val completed = early.remove(taken.next) ?: added.poll() ?: return null
            if (completed.index == taken.next || !completed.outcome.isSuccess) {
                taken.add(completed.index)
                return completed
            }
            early[completed.index] = completed
        }
    }

    /** Whether something has been added since [take] found nothing. */
    fun hasNew(): Boolean = !added.isEmpty()

    fun isEmpty(): Boolean = added.isEmpty() && early.isEmpty()

    fun clear() {
        added.clear()
        early.clear()
    }
}

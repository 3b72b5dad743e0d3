package dev.gather.coroutines.internal

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
    private val early = HashMap<Long, Completed<Any?>?>() // null for one that has been taken out of turn
    private var next = 0L

    fun add(completed: Completed<Any?>) {
        added.add(completed)
    }

    /** Null if there is none whose turn it is. */
    fun take(): Completed<Any?>? {
        if (!inOrder) return added.poll()
        while (true) {
            if (early.containsKey(next)) {
                val completed = early.remove(next++)
                if (completed != null) return completed
                continue
            }
            val completed = added.poll() ?: return null
            when {
                completed.index == next -> {
                    next++
                    return completed
                }

                completed.outcome.isSuccess -> early[completed.index] = completed

                else -> {
                    early[completed.index] = null
                    return completed
                }
            }
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

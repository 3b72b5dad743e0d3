package dev.gather.coroutines.internal.delivery

import java.util.TreeMap

/** Positions in the input, mostly all up to some point: takes no more room than there are gaps. */
internal class Positions {
    /** The first that is not in here. */
    var next: Long = 0
        private set

    /** The ranges beyond [next]: the first position of each, and the first after it. */
    private val ranges = TreeMap<Long, Long>()

    /** False if it is in here already. */
    fun add(position: Long): Boolean {
        val before = ranges.floorEntry(position)
        if (position < next || before != null && position < before.value) return false
        val end = ranges.remove(position + 1) ?: (position + 1)
        when {
            position == next -> next = end
            before?.value == position -> ranges[before.key] = end
            else -> ranges[position] = end
        }
        return true
    }
}

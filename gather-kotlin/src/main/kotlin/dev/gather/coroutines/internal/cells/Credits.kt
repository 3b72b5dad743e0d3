package dev.gather.coroutines.internal.cells

import java.util.concurrent.atomic.AtomicLong

/** How many may pass, as a number that everybody may add to. */
internal class Credits {
    /*
     *           add(n)                   add, up to
     *   0 ◄──────────────► n ◄─► … ──────────────────► ENDLESS (for good, whatever is taken)
     *         tryTake
     */
    private val left = AtomicLong()

    /** [Long.MAX_VALUE] is without end. */
    fun add(n: Long) {
        left.getAndUpdate { if (it > ENDLESS - n) ENDLESS else it + n }
    }

    fun tryTake(): Boolean = left.getAndUpdate { if (it == 0L || it == ENDLESS) it else it - 1 } != 0L

    fun anyLeft(): Boolean = left.get() != 0L

    private companion object {
        const val ENDLESS = Long.MAX_VALUE
    }
}

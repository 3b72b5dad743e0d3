package dev.gather.coroutines.internal.run

/**
 * How many tasks in a row a worker runs before it lets others on the same thread have a turn: as many
 * as take about a millisecond, which is found out by doubling. Only the second half of a turn is timed, so that
 * few ask for the time.
 */
internal class Turns {
    /** How long a turn is, in tasks. Workers that write it at the same time have seen much the same. */
    @Volatile
    var length: Int = FIRST
        private set

    /** How many are left of a turn when its second half begins. */
    fun half(turn: Int): Int = (turn + 1) / 2

    /** The length of the next turn, now that the second half of the one before took so long. */
    fun next(
        turn: Int,
        nanos: Long,
    ): Int {
        val next =
            when {
                nanos > HALF_TURN_NANOS -> maxOf(turn / 2, 1)
                nanos < HALF_TURN_NANOS / 4 -> minOf(turn * 2, LONGEST)
                else -> turn
            }
        if (next != turn) length = next
        return next
    }

    private companion object {
        const val FIRST = 2
        const val LONGEST = 1024
        const val HALF_TURN_NANOS = 500_000L
    }
}

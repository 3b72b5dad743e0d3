package dev.gather.coroutines.internal.run

/**
 * How many tasks in a row a worker runs before it lets others on the same thread have a turn: as many
 * as take about a millisecond, which is found out by doubling. Only the second half of a turn is timed, so that
 * few ask for the time.
 */
internal class Turns private constructor(
    first: Int,
) {
    constructor() : this(FIRST)

    /** How long a turn is, in tasks. Workers that write it at the same time have seen much the same. */
    @Volatile
    var length: Int = first
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

    companion object {
        private const val FIRST = 2
        private const val LONGEST = 1024
        private const val HALF_TURN_NANOS = 500_000L

        /** So few tasks never ask what time it is. */
        const val FEW = 4

        /** For so few. */
        val ENDLESS = Turns(Int.MAX_VALUE)
    }
}

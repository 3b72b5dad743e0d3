package dev.gather.coroutines.internal.run

/**
 * How long a worker runs tasks before it lets others on the same thread have a turn: about a millisecond. It looks at
 * the clock after a stride of tasks, of as many as take next to no time; never more than a few, since those that
 * follow may be slow.
 */
internal class Turns private constructor(
    first: Int,
) {
    constructor() : this(1)

    /** After how many tasks to look. Workers that write it at the same time have seen much the same. */
    @Volatile
    var stride: Int = first
        private set

    /** Whether a single task is known to take a turn. */
    @Volatile
    private var isSlow = false

    /** When a turn that begins now began; zero if that need not be known before the first look. */
    fun begin(): Long = if (isSlow) System.nanoTime() else 0

    /** The last stride took so long. */
    fun took(nanos: Long) {
        val before = stride
        val next =
            when {
                nanos > TURN_NANOS / 4 -> 1
                nanos < TURN_NANOS / 16 -> minOf(before * 2, LONGEST)
                else -> before
            }
        if (next != before) stride = next
        val isSlowNow = next == 1 && nanos > TURN_NANOS
        if (isSlowNow != isSlow) isSlow = isSlowNow
    }

    fun isOver(nanos: Long): Boolean = nanos > TURN_NANOS

    /**
     * After so many bodies that have suspended, those get a turn: what they have is still near then. Where they wait for
     * longer than that it is of no use, and where others wait for the thread it is dear; so it is not done often then.
     */
    @Volatile
    var crowd: Int = if (first == 1) CROWD else Int.MAX_VALUE
        private set

    /** How many tokens were held when a worker left because of that; 0 if none has. */
    @Volatile private var heldBefore = 0

    private var leftAt = 0L // written before that

    /** Whether a worker has left because of that. */
    val isAway: Boolean get() = heldBefore != 0

    fun makesWay(
        held: Int,
        now: Long,
    ) {
        leftAt = now
        heldBefore = held
    }

    /** There is a worker again. One of those tokens was that of the worker that left; who else has ended need not be exact. */
    fun comesBack(
        held: Int,
        now: Long,
    ) {
        val ended = heldBefore - held
        heldBefore = 0
        val before = crowd
        crowd =
            when {
                isOver(now - leftAt) -> minOf(before * 16, MOST_CROWDED) // each time costs a turn of all others there
                ended <= 1 -> minOf(before * 2, MOST_CROWDED)
                ended > before / 2 -> maxOf(before / 2, CROWD)
                else -> before
            }
    }

    companion object {
        /** Half of what one thread of kotlinx's default dispatcher keeps to itself; the rest goes through the hands of all. */
        private const val CROWD = 64

        private const val MOST_CROWDED = 1 shl 16
        private const val LONGEST = 8
        const val TURN_NANOS = 1_000_000L

        /** So few tasks never ask what time it is. */
        const val FEW = 4

        /** For so few. */
        val ENDLESS = Turns(Int.MAX_VALUE)
    }
}

package dev.gather.verification.fuzz

import dev.gather.FailurePolicy
import dev.gather.GatherOptions
import dev.gather.Limiter
import java.time.Duration
import java.util.Random

enum class Terminal { ALL, SETTLED, ANY, AT_LEAST, COMBINE, STREAM, AS_COMPLETED }

enum class Input { LIST, LAZY, STAGES, LAZY_STAGES, MIXED }

/** One gather over one executor, as its seed says. */
class Case(
    val seed: Long,
    kinds: List<Odd>,
    terminals: List<Terminal>,
    inputs: List<Input>,
    /** Bodies come back to the executor, as coroutines do. */
    private val suspending: Boolean = false,
) {
    private val random = Random(seed)

    val executor: Odd = one(kinds)
    val threads: Int = one(listOf(1, 2, 4))
    val terminal: Terminal = one(terminals)
    val input: Input = if (terminal == Terminal.COMBINE && !suspending) Input.MIXED else one(inputs)

    /** At so many at the same time; a pool that blocks its own threads when it is full can have no more than it has room for. */
    val limit: Int =
        if (executor == Odd.BLOCKS_WHEN_FULL) threads else one(listOf(Int.MAX_VALUE, 1, 2, 3, threads, threads, 16))

    val permits: Int = if (chance(4)) 1 + random.nextInt(4) else Int.MAX_VALUE
    val hasRate: Boolean = chance(10)
    val hasStagger: Boolean = chance(10)

    /** What comes by a timer takes about a millisecond. */
    val tasks: Int = minOf(
        maxOf(if (chance(4)) 100 else random.nextInt(40), if (terminal in FIRST) 1 else 0),
        if (hasRate || hasStagger) 12 else MANY,
    )

    /** Null for one that is never reached. */
    val deadline: Duration? = if (chance(10)) Duration.ofNanos(100_000L + random.nextInt(2_000_000)) else null

    /** The caller has enough as soon as this many bodies have begun. */
    val cancelAfter: Int? = if (chance(6)) random.nextInt(tasks + 1) else null
    val policy: FailurePolicy = one(FailurePolicy.values().toList())
    val failing: Set<Int> = if (chance(4)) (0 until tasks).filter { random.nextInt(8) == 0 }.toSet() else emptySet()
    val successes: Int = if (terminal == Terminal.AT_LEAST) 1 + random.nextInt(tasks) else 1

    /** Whether it releases what nobody gets. */
    val releases: Boolean = chance(2)

    val limiter: Limiter? = limiter()

    private fun limiter(): Limiter? {
        val concurrent = if (permits < Int.MAX_VALUE) Limiter.concurrent(permits) else null
        if (!hasRate) return concurrent
        return concurrent?.andPerSecond(RATE, 4) ?: Limiter.perSecond(RATE, 4)
    }

    fun options(): GatherOptions.Builder =
        GatherOptions
            .builder()
            .limit(limit)
            .limiter(limiter)
            .stagger(if (hasStagger) Duration.ofNanos(50_000) else null)
            .timeout(deadline)
            .onFailure(policy)

    private fun chance(of: Int) = random.nextInt(of) == 0

    private fun <T> one(of: List<T>): T = of[random.nextInt(of.size)]

    val needsThreads: Boolean get() = input == Input.LIST || input == Input.LAZY

    /** Nothing stops it before all tasks have ended. */
    val undisturbed: Boolean get() = cancelAfter == null && deadline == null

    /**
     * Whether no task may end with a refusal: the executor takes all, or has a thread for each that may run, or
     * there is always one of the gather's threads to go on with the next.
     */
    val mayNotRefuse: Boolean
        get() =
            executor.takesAll ||
                !suspending && executor.refusesWhenFull && (limit <= threads || needsThreads && workersStay)

    /** Nothing but the limit makes a worker leave before the last task has been taken. */
    private val workersStay: Boolean
        get() = limiter == null && !hasStagger && terminal != Terminal.STREAM && terminal != Terminal.AS_COMPLETED

    override fun toString() =
        "seed $seed: $terminal of $tasks $input on $executor($threads)" +
            (if (limit < Int.MAX_VALUE) ", limit $limit" else "") +
            (
                limiter?.let {
                    ", limiter of ${if (permits < Int.MAX_VALUE) "$permits" else "any"}${if (hasRate) " and rate" else ""}"
                }
                    ?: ""
            ) +
            (if (hasStagger) ", stagger" else "") +
            (deadline?.let { ", deadline $it" } ?: "") +
            (cancelAfter?.let { ", cancel after $it" } ?: "") +
            ", $policy" +
            (if (releases) ", releases" else "") +
            (if (failing.isEmpty()) "" else ", failing $failing") +
            (if (terminal == Terminal.AT_LEAST) ", successes $successes" else "")

    private companion object {
        const val RATE = 50_000.0
        const val MANY = 100
        val FIRST = setOf(Terminal.ANY, Terminal.AT_LEAST)
    }
}

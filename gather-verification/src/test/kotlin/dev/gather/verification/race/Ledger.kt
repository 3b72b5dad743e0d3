package dev.gather.verification.race

import dev.gather.GatherListener
import dev.gather.Outcome
import java.time.Duration
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger

/** Counts what becomes of every task. */
class Ledger : GatherListener {
    private val starts = ConcurrentHashMap<Int, AtomicInteger>()
    private val ends = ConcurrentHashMap<Int, AtomicInteger>()

    override fun onStart(
        index: Int,
        taskName: String?,
    ) {
        starts.computeIfAbsent(index) { AtomicInteger() }.incrementAndGet()
    }

    override fun onEnd(
        index: Int,
        taskName: String?,
        outcome: Outcome<*>,
        elapsed: Duration,
    ) {
        ends.computeIfAbsent(index) { AtomicInteger() }.incrementAndGet()
    }

    fun started(index: Int): Int = starts[index]?.get() ?: 0

    /** To be asked when the gather has ended. */
    fun balance(tasks: Int) {
        check(ends.keys == (0 until tasks).toSet()) { "of $tasks tasks these have ended: ${ends.keys}" }
        ends.forEach { (index, times) -> check(times.get() == 1) { "task $index ended $times times" } }
        starts.forEach { (index, times) -> check(times.get() == 1) { "task $index started $times times" } }
    }
}

/** Bodies that are inside. */
class Inside {
    private val entered = AtomicInteger()
    private val left = AtomicInteger()

    val times: Int get() = entered.get()

    fun <T> visit(body: () -> T): T {
        entered.incrementAndGet()
        try {
            return body()
        } finally {
            left.incrementAndGet()
        }
    }

    suspend fun <T> suspendingVisit(body: suspend () -> T): T {
        entered.incrementAndGet()
        try {
            return body()
        } finally {
            left.incrementAndGet()
        }
    }

    fun checkEmpty() {
        val running = entered.get() - left.get()
        check(running == 0) { "$running bodies are still running" }
    }
}

/** Not copied when it is thrown again by a coroutine, since it has a field of its own. */
class Boom(
    val round: Int,
) : Exception("boom $round", null, false, false)

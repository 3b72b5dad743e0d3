package dev.gather.coroutines.internal.input

import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.Source
import dev.gather.coroutines.internal.run.Worker
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import java.util.IdentityHashMap
import java.util.concurrent.atomic.AtomicInteger

/** Work that is running already: what is done counts before what is not, and in input order. */
internal class RunningSource(
    val items: List<Deferred<*>>,
    /** Whether somebody wants to know which stand in several places. */
    sharesValues: Boolean,
) : Source() {
    /** The first place of each. */
    private val firsts: IntArray? = if (sharesValues) firstPlaces() else null

    private fun firstPlaces(): IntArray {
        val known = IdentityHashMap<Deferred<*>, Int>()
        return IntArray(items.size) { place -> known.getOrPut(items[place]) { place } }
    }

    override val sharesValues: Boolean get() = firsts != null

    override fun originalOf(index: Int): Int = firsts?.get(index) ?: index

    private val order: List<Int>
    private val next = AtomicInteger()

    init {
        val seen = items.map(::readiness) // may be another in a moment
        order = items.indices.sortedBy { seen[it] } // stable
    }

    override val total: Int = items.size

    override val runsAlready: Boolean get() = true

    override fun take(
        worker: Worker,
        run: Run,
    ): Any? {
        if (!mayHaveMore()) return NONE
        val place = next.getAndIncrement()
        if (place >= total) return NONE
        worker.index = order[place]
        return items[order[place]]
    }

    override val count: Long get() = total.toLong()

    override fun mayHaveMore(): Boolean = next.get() < total

    /** A value cannot stop the run, so it is not lost if it comes before a failure that does. */
    @OptIn(ExperimentalCoroutinesApi::class)
    private fun readiness(deferred: Deferred<*>): Int =
        when {
            !deferred.isCompleted -> 2
            deferred.getCompletionExceptionOrNull() != null -> 1
            else -> 0
        }
}

package dev.gather.coroutines.internal.run

import dev.gather.CancelReason
import dev.gather.Outcome
import dev.gather.spi.Release
import java.util.Collections
import java.util.concurrent.ConcurrentHashMap

/**
 * Values of tasks that nobody has got yet; there only where somebody wants to release those that nobody gets. Each
 * comes out once: to whoever delivers it, or to be released, which is over before the run is.
 */
internal class Undelivered(
    private val release: Release,
) {
    /** By their positions in the input; of places that share a value, that of the first. */
    private val values = ConcurrentHashMap<Long, Any>()

    val underWay = ReleasesUnderWay()

    /** Whether what comes from now on is delivered to nobody. */
    @Volatile private var isDecided = false

    /** Of places that share a value but are tasks of their own: whose value has come out; only where there are such. */
    private val out = ConcurrentHashMap.newKeySet<Int>()

    /** What is to be done with a value of this task that nobody gets; null for nothing. */
    fun releaseOf(index: Int): Release.Hook? = release.of(index)

    /** Whether nobody gets what has not been delivered yet. */
    val isGivenUp: Boolean get() = isDecided

    // ---- delivered

    /** A task has this value; false if it is decided already that nobody gets it. */
    fun keep(
        run: Run,
        index: Int,
        value: Any?,
    ): Boolean {
        if (value == null || release.of(index) == null) return true
        val source = run.source!!
        val position = if (source.sharesValues) source.originalOf(index).toLong() else source.positionOf(index)
        values[position] = value
        return !isDecided || values.remove(position) == null
    }

    /** The value is delivered; false if there is none, or not any more. */
    fun deliver(position: Long): Boolean = values.remove(position) != null

    /** What was delivered nobody gets after all: it goes with the rest, which is taken after this. */
    fun takeBack(
        position: Long,
        value: Any,
    ) {
        values[position] = value
    }

    /** The same, of a task. */
    fun deliver(
        source: Source,
        index: Int,
    ) {
        val original = source.originalOf(index)
        if (source.sharesValues) out.add(original)
        deliver(original.toLong())
    }

    /** All there are are delivered, and no more will come. */
    fun deliverAll() {
        isDecided = true
        values.clear()
    }

    // ---- released

    /** A task had this value, and has ended in another way, or too late. The caller has a token. */
    fun drop(
        run: Run,
        index: Int,
        value: Any?,
    ) {
        val action = value?.let { releasing(run, index, it) } ?: return
        if (!comesOut(run, index)) return
        underWay.begin()
        run.bodies.callLater(run, listOf(action), underWay::end)
    }

    /** Nobody gets any more than has been delivered by now; only the end of the run, if at all, waits for that. */
    fun releaseRest(run: Run) {
        val hasToken = run.tokens.tryTake() // first: or the run could end between the two
        underWay.begin()
        run.bodies.callLater(run, takeRest(run), underWay::end)
        if (hasToken) run.returnToken()
    }

    /** The same for a caller who sees to it, in the order of the input. */
    fun takeRest(run: Run): List<() -> Unit> {
        isDecided = true
        if (values.isEmpty()) return emptyList()
        val positions = ArrayList<Long>()
        values.keys.forEach(positions::add) // not all at once, since others may take some meanwhile
        positions.sort()
        return positions.mapNotNull { position ->
            val index = (position % Source.NUMBERS).toInt()
            values.remove(position)?.takeIf { comesOut(run, index) }?.let { releasing(run, index, it) }
        }
    }

    /** Not if a place that shares the value has had it come out. */
    private fun comesOut(
        run: Run,
        index: Int,
    ): Boolean {
        val source = run.source
        return source?.sharesValues != true || out.add(source.originalOf(index))
    }

    private fun releasing(
        run: Run,
        index: Int,
        value: Any,
    ): (() -> Unit)? {
        val release = release.of(index) ?: return null
        return {
            try {
                run.bodies.callUser { release.call(value) }
            } catch (e: Throwable) {
                run.ledger.cleanupFailed(run, index, e)
            }
        }
    }

    /** What an exception holds nobody gets, so it has no value that is released. */
    fun withoutValues(
        outcomes: List<Outcome<Any?>>,
        source: Source,
    ): List<Outcome<Any?>> =
        Collections.unmodifiableList(
            outcomes.mapIndexed { index, outcome ->
                val isReleased =
                    outcome.getOrNull() != null && release.of(source.originalOf(index)) != null
                if (isReleased) Outcome.Cancelled(CancelReason.RELEASED, true) else outcome
            },
        )
}

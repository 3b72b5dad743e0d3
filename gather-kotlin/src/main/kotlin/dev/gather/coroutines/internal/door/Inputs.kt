package dev.gather.coroutines.internal.door

import dev.gather.coroutines.internal.input.LazySource
import dev.gather.coroutines.internal.input.ListSource
import dev.gather.coroutines.internal.run.Source
import dev.gather.spi.Plan
import dev.gather.spi.Work
import java.util.IdentityHashMap

/** Reads a plan of the facade. */
internal object Inputs {
    /** Up to here comparing every pair is cheaper than a map. */
    private const val FEW = 8

    fun source(plan: Plan): Source {
        val works = list(plan) ?: return LazySource(plan.works)
        return if (plan.areMade) ListSource(works) else WorkSource(works, if (plan.mayRepeat) repeats(works) else null)
    }

    @Suppress("UNCHECKED_CAST")
    private fun list(plan: Plan): List<Work>? = plan.works as? List<Work>

    /** For each place the earlier one where the same task stands, or -1; null if all are different. */
    private fun repeats(works: List<Work>): IntArray? {
        var repeats: IntArray? = null
        val seen = if (works.size > FEW) IdentityHashMap<Any, Int>(works.size) else null
        for (index in works.indices) {
            val task = works[index].identity()
            val earlier = if (seen != null) seen.putIfAbsent(task, index) else firstOf(works, task, index)
            if (earlier != null) {
                if (repeats == null) repeats = IntArray(works.size) { -1 }
                repeats[index] = earlier
            }
        }
        return repeats
    }

    private fun firstOf(
        works: List<Work>,
        task: Any,
        until: Int,
    ): Int? = (0 until until).firstOrNull { works[it].identity() === task }
}

/** Tasks as objects that stay what they are: they have names, may have been running before, and may be the same. */
internal class WorkSource(
    val works: List<Work>,
    private val repeats: IntArray?,
) : ListSource(works) {
    private val repeatsByOriginal: Map<Int, List<Int>>? =
        repeats?.withIndex()?.filter { it.value >= 0 }?.groupBy({ it.value }, { it.index })

    fun isRepeat(index: Int): Boolean = repeats != null && repeats[index] >= 0

    override fun nameOf(index: Int): String? = works.getOrNull(index)?.name()

    override val hasRepeats: Boolean get() = repeats != null

    override fun originalOf(index: Int): Int = if (isRepeat(index)) repeats!![index] else index

    override fun repeatsOf(index: Int): List<Int> = repeatsByOriginal?.get(index).orEmpty()

    override fun needsNoWorker(index: Int): Boolean = works[index].kind() == Work.Kind.STARTED || isRepeat(index)
}

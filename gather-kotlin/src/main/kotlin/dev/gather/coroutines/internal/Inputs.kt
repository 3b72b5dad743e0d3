package dev.gather.coroutines.internal

import dev.gather.spi.Plan
import dev.gather.spi.Work
import java.util.IdentityHashMap

/** Reads a plan of the facade. */
internal object Inputs {
    /** The size of a lazy input is what its author says; more than this is not allocated on trust. */
    private const val TRUSTED_SIZE = 1 shl 20

    /** Up to here comparing every pair is cheaper than a map. */
    private const val FEW = 8

    fun source(plan: Plan): TaskSource =
        list(plan)?.let(::ListSource) ?: LazySource(plan.works, minOf(plan.sizeHint, TRUSTED_SIZE))

    /** The tasks as objects that stay what they are. */
    fun known(plan: Plan): List<Work>? = if (plan.areMade) null else list(plan)

    @Suppress("UNCHECKED_CAST")
    private fun list(plan: Plan): List<Work>? = plan.works as? List<Work>

    /** For each place the earlier one where the same task stands, or -1; null if all are different. */
    fun repeats(plan: Plan): IntArray? {
        if (!plan.mayRepeat) return null
        val works = known(plan)!!
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

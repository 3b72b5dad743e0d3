package dev.gather.coroutines.internal.bodies

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import java.util.Collections
import java.util.IdentityHashMap
import kotlin.coroutines.CoroutineContext

/**
 * What a body finds in its context of the innermost gather around it. Not the run itself: a coroutine
 * that is launched with this context may outlive the gather, and would keep all that was given to it.
 */
internal class Nesting(
    /** How many gathers are around that one. */
    val depth: Int,
    private val caller: Job?,
    /** What that one waits for, if it was running before. */
    private val awaited: List<Deferred<*>>,
) : CoroutineContext.Element {
    /** Whether its waits may end without an end to what it waits for, which is left to itself. */
    @Volatile var leavesAwaited: Boolean = false

    override val key: CoroutineContext.Key<*> get() = Nesting

    /** Whether anything that this gather waits for waits for the gather; found out once, when it is cancelled. */
    @Volatile private var isInCircle: Boolean? = null

    /** Whether a deferred that is awaited here awaits, perhaps through others, a coroutine around this gather. */
    fun isInCircleWith(deferred: Job): Boolean =
        (isInCircle ?: leadsBack(awaited).also { isInCircle = it }) && leadsBack(listOf(deferred))

    private fun leadsBack(from: List<Job>): Boolean {
        val ours = jobSet()
        @OptIn(ExperimentalCoroutinesApi::class)
        generateSequence(caller) { it.parent }.forEach(ours::add)
        val seen = jobSet()
        val toVisit = ArrayDeque(from)
        while (true) {
            val job = toVisit.removeLastOrNull() ?: return false
            if (!seen.add(job)) continue
            for (next in awaitedIn(job)) {
                if (next in ours) return true
                toVisit.addLast(next)
            }
            toVisit.addAll(job.children)
        }
    }

    private fun awaitedIn(job: Job): List<Deferred<*>> =
        (job as? CoroutineScope)
            ?.coroutineContext
            ?.get(Nesting)
            ?.awaited
            .orEmpty()

    private fun jobSet(): MutableSet<Job> = Collections.newSetFromMap(IdentityHashMap())

    companion object Key : CoroutineContext.Key<Nesting>
}

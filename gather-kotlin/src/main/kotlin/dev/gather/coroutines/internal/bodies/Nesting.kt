package dev.gather.coroutines.internal.bodies

import dev.gather.threads.OfThread
import dev.gather.threads.Station
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.ThreadContextElement
import java.util.Collections
import java.util.IdentityHashMap
import java.util.concurrent.atomic.AtomicLong
import kotlin.coroutines.CoroutineContext

/**
 * What a body finds in its context of the innermost gather around it. Not the run itself: a coroutine
 * that is launched with this context may outlive the gather, and would keep all that was given to it.
 */
internal open class Nesting private constructor(
    /** How many gathers are around that one. */
    val depth: Int,
    private val caller: Job?,
    /** What that one waits for, if it was running before. */
    protected open val awaited: Iterable<Job>,
    /** The nearest around it that is not a child of its caller, if this one is inside of its tree. */
    private val cut: Nesting?,
    outer: Station.Parent?,
) : ThreadContextElement<Any?>,
    OfThread {
    /** The task, of whatever door, on whose thread it was called, or the nearest around it was; up to its end. */
    @Volatile var outer: Station.Parent? = outer
        private set

    /** What stands for the nearest gather of the Java door around it, if there is one. */
    val owner: Any? get() = outer?.owner()

    /** The gather has ended, and keeps nobody. */
    fun end() {
        outer = null
    }

    /** Whether its waits may end without an end to what it waits for, which is left to itself. */
    @Volatile var leavesAwaited: Boolean = false

    /** The root of the tree that it runs in, where that is not a part of its caller's. */
    @Volatile var root: Job? = null

    /** Whether the gather, or one around it, has a name, and its coroutines with it. */
    var isNamed: Boolean = false // of the call: written before anything starts

    override val key: CoroutineContext.Key<*> get() = Nesting

    /** What the thread runs from here on is a body of the gather, or was launched in one. */
    override fun updateThreadContext(context: CoroutineContext): Any? {
        if (!isKnownToThreads(context)) return null
        val name = if (isNamed) bodyName(context) else null
        val entered = Station.enter(if (context is SuspendWorker) context else CoroutineStation(context))
        if (name == null) return entered
        try {
            return NamedThread.ofCoroutine(name, entered) ?: entered
        } catch (e: Throwable) {
            Station.leave(entered) // the stack may be at its end
            throw e
        }
    }

    override fun restoreThreadContext(
        context: CoroutineContext,
        oldState: Any?,
    ) {
        val named = oldState as? NamedThread.OfCoroutine
        named?.leaveCoroutine()
        (named?.entered ?: oldState)?.let(Station::leave)
    }

    /** From the inside outwards. */
    private val around: Sequence<Job> get() = caller?.andAround.orEmpty() + cut?.around.orEmpty()

    fun isAround(job: Job): Boolean = around.any { it === job }

    /** The first coroutine around it that is one of these, and which. */
    fun indexOfOneAround(running: List<Job>): Int =
        around.map { ancestor -> running.indexOfFirst { it === ancestor } }.firstOrNull { it >= 0 } ?: -1

    /** As of which [wait][WAITS] it is known that there is no circle through this gather. */
    @Volatile private var freeOfCirclesAt = -1L

    /** Whether there is any circle on the way from here; null while nobody has looked. */
    @Volatile private var isNearCircle: Boolean? = null

    /** Whether a deferred that is awaited here awaits, perhaps through others, a coroutine around this gather. */
    fun isInCircleWith(deferred: Job): Boolean =
        mayBeInCircle() && Search(-1).leadsBack(deferred)

    /** Found out once, when it is cancelled. */
    private fun mayBeInCircle(): Boolean =
        isNearCircle
            ?: (freeOfCirclesAt != WAITS.get() && Search(WAITS.get()).findsCircle(awaited)).also { isNearCircle = it }

    /**
     * Goes along what waits for what: a job for its children, a gather for what it awaits. Where no way leads round in
     * a circle each gather on the way is told so, and need not look again: a cancel that goes down a long chain looks
     * once.
     */
    private inner class Search(
        private val asOf: Long,
    ) {
        private val ours = jobSet()
        private val seen = jobSet()
        private val onTheWay = jobSet()
        private val way = ArrayDeque<Pair<Job, Iterator<Job>>>()
        private var isCircle = false
        private var isBack = false

        init {
            around.forEach(ours::add)
        }

        fun leadsBack(from: Job): Boolean {
            walk(from)
            return isBack
        }

        fun findsCircle(from: Iterable<Job>): Boolean {
            from.forEach(::walk)
            if (isCircle || isBack) return true
            for (job in seen) nestingOf(job)?.freeOfCirclesAt = asOf
            freeOfCirclesAt = asOf
            return false
        }

        private fun walk(from: Job) {
            enter(from)
            while (true) {
                val (job, next) = way.lastOrNull() ?: return
                if (next.hasNext()) {
                    enter(next.next())
                } else {
                    way.removeLast()
                    onTheWay.remove(job)
                }
            }
        }

        private fun enter(job: Job) {
            if (job in ours) isBack = true
            if (job in onTheWay) isCircle = true
            if (!seen.add(job)) return
            onTheWay.add(job)
            way.addLast(job to (nestingOf(job)?.awaited?.asSequence().orEmpty() + job.children).iterator())
        }
    }

    private fun nestingOf(job: Job): Nesting? = (job as? CoroutineScope)?.coroutineContext?.get(Nesting)

    private fun jobSet(): MutableSet<Job> = Collections.newSetFromMap(IdentityHashMap())

    /** In the context of a coroutine that stands for others, which are no children of its parent: it ends with them. */
    class Standing(
        private val others: () -> Iterable<Job>,
    ) : Nesting(0, null, emptyList(), null, null) {
        override val awaited: Iterable<Job> get() = others()
    }

    companion object Key : CoroutineContext.Key<Nesting> {
        /** How many gathers have begun to wait for something that was running: what was known before may be wrong. */
        private val WAITS = AtomicLong()

        fun begunToWait() {
            WAITS.incrementAndGet()
        }

        /**
         * For a gather that is called in this context and waits for [awaited].
         *
         * @param isPart whether it is a part of its caller
         */
        fun of(
            context: CoroutineContext,
            awaited: List<Job>,
            isPart: Boolean = true,
        ): Nesting {
            val caller = context[Job]
            val nesting = within(context, caller, awaited, isPart)
            if (awaited.isNotEmpty()) {
                nesting.around.show()
                begunToWait()
            }
            return nesting
        }

        private fun within(
            context: CoroutineContext,
            caller: Job?,
            awaited: List<Job>,
            isPart: Boolean,
        ): Nesting {
            val outer =
                context[Nesting]
                    ?: return Nesting(0, caller, awaited, null, if (isPart) Station.current()?.lasting() else null)
            // Who was launched elsewhere with the context of a body is not inside of its gather.
            val cut = (
                if (outer.root ==
                    null
                ) {
                    outer.cut
                } else {
                    outer
                }
            )?.takeIf { caller?.andAround?.lastOrNull() === it.root }
            val further = outer.outer?.takeIf { isPart && caller?.andAround.orEmpty().any { it is TaskCoroutine } }
            return Nesting(outer.depth + 1, caller, awaited, cut, further).also { it.isNamed = outer.isNamed }
        }
    }
}

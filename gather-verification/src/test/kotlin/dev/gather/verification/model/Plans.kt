package dev.gather.verification.model

import dev.gather.FailurePolicy
import dev.gather.coroutines.UNLIMITED
import io.kotest.property.Arb
import io.kotest.property.RandomSource
import io.kotest.property.Sample
import io.kotest.property.Shrinker
import io.kotest.property.sampleOf
import kotlin.random.Random

/** Random plans, and the way from one to simpler ones. */
class Plans(
    private val dialect: Dialect,
) : Arb<Plan>() {
    enum class Dialect {
        /** Suspending bodies, or deferreds. */
        KOTLIN,

        /** Stages, all on one thread. */
        STAGES,

        /** Stages and blocking bodies, on many threads; so nothing ends while something else begins. */
        THREADS,
    }

    override fun edgecase(rs: RandomSource): Sample<Plan>? = null

    override fun sample(rs: RandomSource): Sample<Plan> = sampleOf(plan(rs.random, DEPTH, true), Shrinker(::simpler))

    // ---- making

    private fun plan(
        random: Random,
        depth: Int,
        aroundMayBeZero: Boolean,
    ): Plan {
        val isTop = depth == DEPTH
        val settled = random.chance(40)
        val policy = FailurePolicy.entries.random(random)
        val running =
            when {
                dialect == Dialect.KOTLIN -> if (random.chance(25)) 100 else 0
                random.chance(60) -> 0
                else -> 50
            }
        val mayBeZero =
            when (dialect) {
                // What may be left running starts by a dispatch, and what is beside it may be faster.
                Dialect.KOTLIN -> aroundMayBeZero && (isTop || settled || policy != FailurePolicy.LEAVE_OTHERS)
                Dialect.STAGES -> isTop
                Dialect.THREADS -> false
            }
        val tasks = ArrayList<Node>()
        repeat(random.nextInt(if (isTop) 7 else 4)) {
            tasks +=
                node(random, depth, tasks, random.chance(running), mayBeZero)
        }
        val isPlain = tasks.isNotEmpty() && tasks.none { it.running || it is Repeat || isBlocking(it) }
        val hasTaskTimeout = random.chance(25) && (dialect != Dialect.KOTLIN || running == 0)
        return Plan(
            tasks = tasks,
            settled = settled,
            limit = if (random.chance(40) ||
                dialect == Dialect.KOTLIN && running > 0
            ) {
                UNLIMITED
            } else {
                random.nextInt(1, 5)
            },
            policy = policy,
            timeout = if (random.chance(30)) random.time(mayBeZero) else null,
            taskTimeout = if (hasTaskTimeout) random.time(mayBeZero && dialect == Dialect.KOTLIN) else null,
            lazy = isPlain && random.chance(30),
            cancelAt = if (isTop && random.chance(30)) random.time(false) else null,
        )
    }

    private fun isBlocking(node: Node) = node is Leaf && node.kind == Kind.BLOCKING

    private fun node(
        random: Random,
        depth: Int,
        earlier: List<Node>,
        running: Boolean,
        mayBeZero: Boolean,
    ): Node {
        if (depth > 1 && random.chance(25)) return Nested(plan(random, depth - 1, mayBeZero), running)
        val mayRepeat = dialect != Dialect.KOTLIN || running
        if (mayRepeat && earlier.isNotEmpty() && random.chance(15)) {
            val index = random.nextInt(earlier.size)
            if (earlier[index] !is Repeat) return Repeat(index, earlier[index].running)
        }
        val kind =
            when {
                running -> Kind.RUNNING
                dialect == Dialect.THREADS && random.chance(70) -> Kind.BLOCKING
                else -> Kind.BODY
            }
        return Leaf(
            after = random.time(mayBeZero && (running || dialect == Dialect.KOTLIN)),
            ends = if (random.chance(65)) Ends.VALUE else listOf(Ends.FAILURE, Ends.SELF_CANCEL).random(random),
            onCancel =
                when {
                    random.chance(50) -> Stop()
                    random.chance(40) -> Ignore
                    else -> Stop(if (random.nextBoolean()) 0 else random.time(false) / 3 + 1, random.nextBoolean())
                },
            kind = kind,
        )
    }

    private fun Random.chance(percent: Int) = nextInt(100) < percent

    private fun Random.time(mayBeZero: Boolean): Long = if (mayBeZero && chance(15)) 0 else nextLong(1, 1_000)

    // ---- shrinking

    private fun simpler(plan: Plan): List<Plan> =
        buildList {
            plan.tasks.indices.forEach { addAll(listOfNotNull(without(plan, it))) }
            plan.tasks.filterIsInstance<Nested>().forEach { add(it.plan.copy(cancelAt = plan.cancelAt)) }
            if (plan.cancelAt != null) add(plan.copy(cancelAt = null))
            if (plan.timeout != null) add(plan.copy(timeout = null))
            if (plan.taskTimeout != null) add(plan.copy(taskTimeout = null))
            if (plan.lazy) add(plan.copy(lazy = false))
            if (plan.limit != UNLIMITED) add(plan.copy(limit = UNLIMITED))
            if (plan.policy != FailurePolicy.CANCEL_OTHERS) add(plan.copy(policy = FailurePolicy.CANCEL_OTHERS))
            plan.tasks.forEachIndexed { index, node ->
                simpler(node).forEach { add(plan.copy(tasks = plan.tasks.replaced(index, it))) }
            }
            if (plan.limit in 2..<UNLIMITED) add(plan.copy(limit = plan.limit - 1))
            plan.cancelAt?.let { at -> smaller(at).forEach { add(plan.copy(cancelAt = it)) } }
            plan.timeout?.let { at -> smaller(at).forEach { add(plan.copy(timeout = it)) } }
            plan.taskTimeout?.let { at -> smaller(at).forEach { add(plan.copy(taskTimeout = it)) } }
        }

    private fun simpler(node: Node): List<Node> =
        when (node) {
            is Repeat -> emptyList()
            is Nested -> {
                val leaf = Leaf(1, kind = if (node.running) Kind.RUNNING else Kind.BODY)
                listOf(leaf) + simpler(node.plan).map { node.copy(plan = it) }
            }
            is Leaf ->
                buildList {
                    if (node.onCancel != Stop()) add(node.copy(onCancel = Stop()))
                    (node.onCancel as? Stop)?.let { stop ->
                        if (stop.after >
                            1
                        ) {
                            smaller(stop.after).forEach { add(node.copy(onCancel = stop.copy(after = it))) }
                        }
                    }
                    if (node.ends != Ends.VALUE) add(node.copy(ends = Ends.VALUE))
                    if (node.kind == Kind.BLOCKING) add(node.copy(kind = Kind.BODY))
                    smaller(node.after).forEach { add(node.copy(after = it)) }
                }
        }

    /** Never down to zero, which is something else. */
    private fun smaller(time: Long): List<Long> =
        if (time <=
            1
        ) {
            emptyList()
        } else {
            listOf(1, 2, 3, 5, 10, 20, time / 2, time - 1).filter { it in 1..<time }.distinct()
        }

    private fun without(
        plan: Plan,
        index: Int,
    ): Plan? {
        if (plan.lazy && plan.tasks.size == 1) return null
        val tasks =
            plan.tasks.filterIndexed { at, node -> at != index && !(node is Repeat && node.of == index) }.map { node ->
                if (node is Repeat && node.of > index) node.copy(of = node.of - 1) else node
            }
        return plan.copy(tasks = tasks)
    }

    private fun List<Node>.replaced(
        index: Int,
        node: Node,
    ) = mapIndexed { at, old -> if (at == index) node else old }

    private companion object {
        const val DEPTH = 3
    }
}

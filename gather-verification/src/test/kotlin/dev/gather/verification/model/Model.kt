package dev.gather.verification.model

import dev.gather.CancelReason
import dev.gather.FailurePolicy
import java.util.PriorityQueue

/** The two doors differ where their languages do. */
enum class Side { KOTLIN, JAVA }

/** Something from outside that moves a gather on; for a test that has to do it itself. */
data class Step(
    val what: What,
    val label: String,
    val at: Long,
    /** How often something has been seen when its consequences are through. */
    var heard: Int = 0,
) {
    enum class What { ENDS, CLEANUP_ENDS, TIMEOUT, TASK_TIMEOUT, CANCEL }
}

/** Two things happen at the same time, and the law leaves open which of them is first. */
class Ambiguous : Exception("a tie")

/** An exception, as data. */
class Err(
    val isCancelled: Boolean = false,
    val cause: Err? = null,
    private val text: () -> String,
) {
    val suppressed = LinkedHashSet<Err>()

    fun isCancellation(): Boolean = isCancelled || cause?.isCancellation() == true

    fun suppress(others: Collection<Err>) = apply { suppressed += others.filter { it !== this } }

    override fun toString(): String =
        text() + if (suppressed.isEmpty()) "" else suppressed.map { "$it" }.sorted().joinToString(", ", " {", "}")
}

private sealed interface End {
    class Value(
        val value: Any?,
    ) : End

    class Threw(
        val error: Err,
    ) : End
}

private class Out(
    val failure: Err? = null,
    val value: Any? = null,
    private val cancelled: String? = null,
) {
    val isSuccess get() = failure == null && cancelled == null
    val neverStarted get() = cancelled?.endsWith("not started") ?: false
    val isCancelled get() = cancelled != null

    override fun toString() = cancelled ?: failure?.let { "failed with $it" } ?: "ok $value"

    companion object {
        fun cancelled(
            reason: CancelReason,
            started: Boolean,
        ) = Out(cancelled = "cancelled $reason${if (started) "" else ", not started"}")
    }
}

/**
 * What a gather must do, one event after another on one clock. It is the law spelled out, and knows
 * nothing of the engine: no threads, no permits that are handed on, no tokens.
 */
class Model(
    private val plan: Plan,
    private val side: Side,
) {
    val record = Record()
    val steps = ArrayList<Step>()
    private var now = 0L
    private val agenda = PriorityQueue<Event>(compareBy { it.at })

    private class Event(
        val at: Long,
        val step: Step,
        val action: () -> Unit,
    )

    /** Throws [Ambiguous] if the law does not say what happens. */
    fun run() =
        apply {
            val root = GatherSim(plan, "", onEnd = {})
            plan.cancelAt?.let { at -> later(at, Step.What.CANCEL, "") { root.cancel() } }
            root.start()
            heardAtStart = record.count
            while (true) {
                val event = agenda.poll() ?: break
                if (event.at == agenda.peek()?.at) throw Ambiguous()
                now = event.at
                steps.add(event.step)
                event.action()
                event.step.heard = record.count
            }
        }

    var heardAtStart = 0
        private set

    private fun later(
        delay: Long,
        what: Step.What,
        label: String,
        action: () -> Unit,
    ): Event = Event(now + delay, Step(what, label, now + delay), action).also(agenda::add)

    private interface Sim {
        fun start()

        fun cancel()
    }

    private inner class LeafSim(
        private val leaf: Leaf,
        private val label: String,
        private val onEnd: (End) -> Unit,
    ) : Sim {
        private var pending: Event? = null
        private var noticed = false

        override fun start() {
            record.leaf(label, "starts", now)
            if (leaf.after == 0L) end() else pending = later(leaf.after, Step.What.ENDS, label) { end() }
        }

        private fun end() {
            finish(
                when (leaf.ends) {
                    Ends.VALUE -> End.Value(label)
                    Ends.FAILURE -> End.Threw(Err { "boom $label" })
                    Ends.SELF_CANCEL -> End.Threw(Err(isCancelled = true) { "cancel" })
                },
            )
        }

        override fun cancel() {
            val how = leaf.onCancel
            if (how !is Stop || noticed) return
            noticed = true
            record.leaf(label, "notices", now)
            agenda.remove(pending)
            val last =
                if (how.breaks) End.Threw(Err { "broken $label" }) else End.Threw(Err(isCancelled = true) { "cancel" })
            if (how.after == 0L) {
                finish(last)
            } else {
                later(how.after, Step.What.CLEANUP_ENDS, label) { finish(last) }
            }
        }

        private fun finish(end: End) {
            noticed = true
            record.leaf(label, "ends", now)
            onEnd(end)
        }
    }

    private inner class GatherSim(
        private val plan: Plan,
        private val label: String,
        private val onEnd: (End) -> Unit,
    ) : Sim {
        private val nodes = plan.tasks
        private val sims = arrayOfNulls<Sim>(nodes.size)
        private val ends = arrayOfNulls<End>(nodes.size)
        private val adopted = BooleanArray(nodes.size)
        private val outs = arrayOfNulls<Out>(nodes.size)
        private val deadlines = arrayOfNulls<Event>(nodes.size)
        private val late = BooleanArray(nodes.size)
        private val cleanupErrors = ArrayList<Err>()
        private var deadline: Event? = null
        private var stop: CancelReason? = null
        private var failure: Pair<Int, Err>? = null
        private var leaving = false
        private var cancelled = false
        private var delivered = false
        private var terminated = false
        private var mayStartBodies = false
        private var busy = 0

        /** Repeats are awaited one by one in Kotlin; in Java they have the outcome of the first, at the end. */
        private fun isCopy(index: Int) = side == Side.JAVA && nodes[index] is Repeat

        private fun name(index: Int) = if (label.isEmpty()) "$index" else "$label.$index"

        private fun taken() = adopted.count { it }

        /** Nobody knows of more tasks than have been taken from a lazy input. */
        private fun known() = if (plan.lazy) taken() else nodes.size

        // ---- start

        override fun start() {
            busy++
            for (index in nodes.indices) {
                val node = nodes[index]
                if (!node.running || node is Repeat) continue
                sims[index] = sim(node, index) { if (adopted[index]) ended(index, it) else ends[index] = it }
                sims[index]!!.start()
            }
            inOrderOfAdoption().forEach(::adopt)
            mayStartBodies = true
            if (leaving) deliver()
            startClock()
            startBodies()
            busy--
            settle()
        }

        /** What had ended before counts first, and what had succeeded is not undone by what had failed. */
        private fun inOrderOfAdoption(): List<Int> {
            val running = nodes.indices.filter { nodes[it].running && !isCopy(it) }
            return running.sortedBy {
                when (ends[firstOf(it)]) {
                    is End.Value -> 0
                    is End.Threw -> 1
                    null -> 2
                }
            }
        }

        private fun adopt(index: Int) {
            adopted[index] = true
            val end = ends[firstOf(index)]
            if (end != null) return ended(index, end)
            startTaskClock(index)
            if (stop != null && !leaving) sims[firstOf(index)]!!.cancel()
        }

        private fun startClock() {
            val timeout = plan.timeout ?: return
            if (stop != null || nodes.indices.all { outs[it] != null || isCopy(it) }) return
            if (timeout == 0L) {
                stop(CancelReason.TIMEOUT)
            } else {
                deadline = later(timeout, Step.What.TIMEOUT, label) { stop(CancelReason.TIMEOUT) }
            }
        }

        private fun startBodies() {
            if (!mayStartBodies) return
            for (index in nodes.indices) {
                val node = nodes[index]
                if (stop != null) return
                if (node.running || adopted[index] || isCopy(index)) continue
                val active = nodes.indices.count {
                    !nodes[it].running && adopted[it] && outs[it] == null && !isCopy(
                        it,
                    )
                }
                if (active >= plan.limit) return
                adopted[index] = true
                if (plan.taskTimeout == 0L) {
                    late[index] = true
                    ended(index, End.Threw(Err(isCancelled = true) { "cancel" }))
                } else {
                    startTaskClock(index)
                    val sim = sim(node, index) { ended(index, it) }
                    sims[index] = sim
                    sim.start()
                }
            }
        }

        private fun sim(
            node: Node,
            index: Int,
            onEnd: (End) -> Unit,
        ): Sim =
            when (node) {
                is Leaf -> LeafSim(node, name(index), onEnd)
                is Nested -> {
                    val startedAt = now
                    GatherSim(node.plan, name(index)) {
                        // No time has passed, but whether its neighbours are as fast is anybody's guess.
                        val isOpen = node.running || it is End.Threw || node.plan.tasks.any(Node::running)
                        // What belongs to an owner runs beside its caller, and not on the thread that calls.
                        val isApart = side == Side.KOTLIN && node.plan.policy == FailurePolicy.LEAVE_OTHERS
                        if (now == startedAt && (isOpen || isApart)) throw Ambiguous()
                        onEnd(it)
                    }
                }
                is Repeat -> error("a repeat is not a task of its own")
            }

        private fun startTaskClock(index: Int) {
            val timeout = plan.taskTimeout ?: return
            deadlines[index] =
                later(timeout, Step.What.TASK_TIMEOUT, name(index)) {
                    if (stop != null && !leaving) return@later
                    late[index] = true
                    busy++
                    sims[index]!!.cancel()
                    busy--
                    settle()
                }
        }

        // ---- outcomes

        private fun ended(
            index: Int,
            how: End,
        ) {
            agenda.remove(deadlines[index])
            ends[index] = how
            val end = if (late[index]) End.Threw(taskTimeout(how)) else how
            busy++
            outs[index] =
                when (end) {
                    is End.Value -> value(end.value)
                    is End.Threw -> threw(index, end.error)
                }
            record.outcome(name(index)) { outs[index].toString() }
            if (end is End.Threw && stop == null && !plan.settled) fail(index, end.error)
            repeatsOf(index).forEach { if (adopted[it]) ended(it, how) }
            startBodies()
            busy--
            settle()
        }

        private fun repeatsOf(index: Int) = nodes.indices.filter { (nodes[it] as? Repeat)?.of == index && !isCopy(it) }

        private fun taskTimeout(how: End): Err {
            val error = Err { "task timeout" }
            if (how is End.Threw && !how.error.isCancellation()) error.suppress(listOf(how.error))
            return error
        }

        private fun value(value: Any?): Out =
            if (stop == null || leaving) Out(value = value) else Out.cancelled(stop!!, true)

        private fun threw(
            index: Int,
            error: Err,
        ): Out {
            val reason = stop
            return when {
                reason == null -> if (error.isCancelled) {
                    Out.cancelled(
                        CancelReason.TASK,
                        true,
                    )
                } else {
                    Out(failure = error)
                }
                error.isCancellation() -> Out.cancelled(reason, true)
                reason == CancelReason.OTHER_FAILED -> {
                    if (leaving) record.dropped { "${name(index)} $error" }
                    Out(failure = error)
                }
                else -> {
                    cleanupErrors.add(error)
                    record.dropped { "${name(index)} $error" }
                    Out.cancelled(reason, true)
                }
            }
        }

        private fun fail(
            index: Int,
            error: Err,
        ) {
            if (failure != null) return
            failure = index to error
            when (plan.policy) {
                FailurePolicy.CANCEL_OTHERS -> stop(CancelReason.OTHER_FAILED)
                FailurePolicy.AWAIT_OTHERS -> Unit
                FailurePolicy.LEAVE_OTHERS -> {
                    stop = CancelReason.OTHER_FAILED
                    leaving = true
                    if (mayStartBodies) deliver() // else it is to know what was done already
                }
            }
        }

        private fun stop(reason: CancelReason) {
            if (stop != null) return
            stop = reason
            busy++
            for (index in nodes.indices) if (adopted[index] && outs[index] == null) sims[firstOf(index)]!!.cancel()
            busy--
            settle()
        }

        private fun firstOf(index: Int) = (nodes[index] as? Repeat)?.of ?: index

        override fun cancel() {
            if (delivered) return
            cancelled = true
            if (side == Side.JAVA) {
                delivered = true
                agenda.remove(deadline)
                if (label.isEmpty()) record.result(now) { "is cancelled" }
            }
            stop(CancelReason.GATHER)
        }

        // ---- the end

        private fun settle() {
            if (busy > 0 || terminated) return
            if (nodes.indices.any { adopted[it] && outs[it] == null }) return
            if (stop == null && nodes.indices.any { !adopted[it] && !isCopy(it) }) return
            terminated = true
            finishOuts()
            if (!delivered) deliver()
            if (label.isEmpty() && side == Side.JAVA) record.end(progress() + ", terminated at $now")
            if (side == Side.JAVA && cancelled) onEnd(End.Threw(Err(isCancelled = true) { "cancel" }))
        }

        private fun finishOuts() {
            for (index in 0 until known()) {
                if (outs[index] != null) continue
                outs[index] =
                    if (isCopy(index)) outs[firstOf(index)] ?: neverStarted(firstOf(index)) else neverStarted(index)
                record.outcome(name(index)) { outs[index].toString() }
            }
        }

        private fun neverStarted(index: Int): Out {
            check(!adopted[index])
            return Out.cancelled(stop!!, false)
        }

        private fun progress(): String {
            val all = outs.take(known()).map { it!! }
            return "started ${all.count { !it.neverStarted }}, succeeded ${all.count { it.isSuccess }}, " +
                "failed ${all.count { it.failure != null }}, cancelled ${all.count { it.isCancelled }}"
        }

        private fun deliver() {
            delivered = true
            agenda.remove(deadline)
            val end = conclude()
            if (label.isEmpty()) {
                record.result(now) {
                    when {
                        end is End.Value -> "returns ${end.value}"
                        end is End.Threw && end.error.isCancelled -> "is cancelled"
                        else -> "throws ${(end as End.Threw).error}"
                    }
                }
            }
            // Around it stands the task's own exception: Java unwraps what derived stages wrap.
            val wrapped = (end as? End.Threw)?.error?.cause
            onEnd(if (side == Side.JAVA && wrapped != null) End.Threw(wrapped) else end)
        }

        private fun conclude(): End {
            val first = failure
            val outcomes = (0 until known()).map { outs[it] ?: soFar(it) }
            return when {
                first != null && stop != CancelReason.GATHER -> End.Threw(failed(first.first, first.second, outcomes))
                stop == CancelReason.GATHER -> End.Threw(Err(isCancelled = true) { "cancel" })
                stop == CancelReason.TIMEOUT && !plan.settled ->
                    End.Threw(Err { "timeout $outcomes" }.suppress(cleanupErrors))
                cancelled -> End.Threw(Err(isCancelled = true) { "cancel" })
                plan.settled -> End.Value(outcomes)
                else -> End.Value(outcomes.map { it.value })
            }
        }

        private fun soFar(index: Int): Out =
            if (isCopy(index)) {
                outs[firstOf(index)] ?: soFar(firstOf(index))
            } else {
                Out.cancelled(stop!!, adopted[index] || nodes[index].running)
            }

        private fun failed(
            index: Int,
            error: Err,
            outcomes: List<Out>,
        ): Err {
            val report = Err(cause = error) { "gather($error)#$index$outcomes" }
            if (side == Side.JAVA) return report.suppress(cleanupErrors)
            val others = outcomes.mapNotNull { it.failure } + cleanupErrors
            return if (error.isCancelled) report.suppress(others.filter { it !== error }) else error.suppress(others)
        }
    }
}

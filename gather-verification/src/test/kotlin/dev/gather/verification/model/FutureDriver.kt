package dev.gather.verification.model

import dev.gather.CancelReason
import dev.gather.GatherOptions
import dev.gather.future.Gather
import dev.gather.future.GatherFuture
import dev.gather.future.Task
import dev.gather.verification.guarantee.SECONDS
import java.time.Duration
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ExecutionException

/**
 * Runs a plan through the facade. There is no virtual time for Java, so this does by hand, in the
 * order of the model and from one thread, what time would do: stages and bodies end, deadlines pass.
 */
class FutureDriver(
    private val plan: Plan,
    private val model: Model,
    private val threads: Threads,
    private val patience: kotlin.time.Duration,
) {
    private val record = Record(threads::changed)
    private val leaves = ConcurrentHashMap<String, RunningLeaf>()
    private val gathers = ConcurrentHashMap<String, GatherFuture<*>>()

    @Volatile private var now = 0L

    fun run(): Record {
        val root = start(plan, "")
        root.whenComplete { value, error ->
            record.result(now) {
                when {
                    error == null -> "returns ${rendered(value)}"
                    root.isCancelled -> "is cancelled"
                    else -> "throws ${rendered(error)}"
                }
            }
        }
        root.terminated().thenRun {
            val progress = root.progress()
            val counts =
                with(progress) { "started $started, succeeded $succeeded, failed $failed, cancelled $cancelled" }
            record.end("$counts, terminated at $now")
        }
        settle(model.heardAtStart)
        for (step in model.steps) {
            now = step.at
            perform(step)
            settle(step.heard)
        }
        // They are not counted above, and the last may be told after all else.
        threads.settle(patience) { record.allDropped().size >= model.record.allDropped().size }
        return record
    }

    private fun settle(heard: Int) {
        gathers.values.forEach(Deadlines::awaitHooks) // what a cancel calls runs on threads of its own
        threads.settle(patience) { record.count >= heard }
        gathers.values.forEach(Deadlines::awaitHooks)
    }

    private fun perform(step: Step) {
        when (step.what) {
            Step.What.ENDS -> leaves[step.label]?.end()
            Step.What.CLEANUP_ENDS -> leaves[step.label]?.endCleanup()
            Step.What.TIMEOUT -> gathers[step.label]?.let(Deadlines::pass)
            Step.What.TASK_TIMEOUT -> {
                val gather = gathers[step.label.substringBeforeLast('.', "")]
                gather?.let { Deadlines.passForTask(it, step.label.substringAfterLast('.').toInt()) }
            }
            Step.What.CANCEL -> gathers.getValue("").cancel(true)
        }
    }

    private fun start(
        plan: Plan,
        label: String,
    ): GatherFuture<List<Any?>> {
        val prefix = if (label.isEmpty()) "" else "$label."
        val options =
            GatherOptions
                .builder()
                .limit(plan.limit)
                .onFailure(plan.policy)
                .timeout(plan.timeout?.let(::longAfter))
                .taskTimeout(plan.taskTimeout?.let(::longAfter))
                .executor(threads)
                .listener(Recorder(record, label))
                .build()
        val gather: Gather<Any?> =
            if (plan.lazy) {
                val nodes = plan.tasks.withIndex()
                Gather.eachAsync(Iterable { nodes.iterator() }) { stage(it.value, prefix + it.index) }
            } else {
                val tasks = ArrayList<Task<Any?>>()
                plan.tasks.forEachIndexed { index, node ->
                    tasks += if (node is Repeat) tasks[node.of] else task(node, prefix + index)
                }
                if (label.isEmpty()) threads.settle(patience) { true } // what was running before is well under way
                Gather.of(tasks)
            }
        val settled = gather.with(options)

        @Suppress("UNCHECKED_CAST")
        val future = (if (plan.settled) settled.settled() else settled.all()) as GatherFuture<List<Any?>>
        gathers[label] = future
        return future
    }

    /** Never by itself; but no time is still no time. */
    private fun longAfter(time: Long) = if (time == 0L) Duration.ZERO else Duration.ofDays(time)

    private fun task(
        node: Node,
        label: String,
    ): Task<Any?> =
        when {
            node.running -> Task.started(stage(node, label))
            node is Leaf && node.kind == Kind.BLOCKING -> Task.of {
                BlockingLeaf(
                    node,
                    label,
                ).also { leaves[label] = it }.run()
            }
            else -> Task.async { stage(node, label) }
        }

    private fun stage(
        node: Node,
        label: String,
    ): CompletableFuture<Any?> =
        when (node) {
            is Nested -> {
                @Suppress("UNCHECKED_CAST")
                start(node.plan, label) as CompletableFuture<Any?>
            }
            is Leaf -> StageLeaf(node, label)
            is Repeat -> error("a repeat is no task of its own")
        }

    private interface RunningLeaf {
        fun end()

        fun endCleanup()
    }

    private inner class StageLeaf(
        private val leaf: Leaf,
        private val label: String,
    ) : CompletableFuture<Any?>(),
        RunningLeaf {
        init {
            leaves[label] = this
            record.leaf(label, "starts", now)
            if (leaf.after == 0L) end()
        }

        override fun end() {
            record.leaf(label, "ends", now)
            when (leaf.ends) {
                Ends.VALUE -> complete(label)
                Ends.FAILURE -> completeExceptionally(Boom("boom $label"))
                Ends.SELF_CANCEL -> completeExceptionally(CancellationException("cancel $label"))
            }
        }

        override fun cancel(mayInterruptIfRunning: Boolean): Boolean {
            val onCancel = leaf.onCancel
            if (onCancel !is Stop) return false
            record.leaf(label, "notices", now)
            if (onCancel.after == 0L) endCleanup()
            return false
        }

        override fun endCleanup() {
            record.leaf(label, "ends", now)
            val isBroken = (leaf.onCancel as Stop).breaks
            completeExceptionally(if (isBroken) Boom("broken $label") else CancellationException("cancelled $label"))
        }
    }

    private inner class BlockingLeaf(
        private val leaf: Leaf,
        private val label: String,
    ) : RunningLeaf {
        private val ends = CompletableFuture<Unit>()
        private val cleanup = CompletableFuture<Unit>()

        override fun end() = threads.wake { ends.complete(Unit) }

        override fun endCleanup() = threads.wake { cleanup.complete(Unit) }

        fun run(): Any? {
            record.leaf(label, "starts", now)
            val onCancel = leaf.onCancel
            try {
                await(ends, interruptible = onCancel is Stop)
            } catch (cancelled: InterruptedException) {
                record.leaf(label, "notices", now)
                onCancel as Stop
                if (onCancel.after > 0) await(cleanup, interruptible = false)
                record.leaf(label, "ends", now)
                throw if (onCancel.breaks) Boom("broken $label") else cancelled
            }
            record.leaf(label, "ends", now)
            return when (leaf.ends) {
                Ends.VALUE -> label
                Ends.FAILURE -> throw Boom("boom $label")
                Ends.SELF_CANCEL -> throw CancellationException("cancel $label")
            }
        }

        private fun await(
            event: CompletableFuture<Unit>,
            interruptible: Boolean,
        ) {
            threads.waits()
            while (true) {
                try {
                    event.get()
                    return
                } catch (interrupt: InterruptedException) {
                    if (!interruptible) continue
                    threads.wake {}
                    throw interrupt
                } catch (e: ExecutionException) {
                    throw IllegalStateException(e)
                }
            }
        }
    }

    /** Calls what the timers would call. */
    @Suppress("UNCHECKED_CAST") // what it returns is the rest of the interrupt
    private object Deadlines {
        fun pass(gather: GatherFuture<*>) {
            val run = runOf(gather)
            run.javaClass
                .getMethod("stop", CancelReason::class.java)
                .apply {
                    isAccessible = true
                }.invoke(run, CancelReason.TIMEOUT)
        }

        fun passForTask(
            gather: GatherFuture<*>,
            index: Int,
        ) {
            val deadlines = field(field(runOf(gather), "bodies")!!, "deadlines")!!
            val byLength = field(deadlines, "byLength") as Map<*, *>
            val lanes = byLength.values.flatMap { (field(it!!, "lanes") as Array<*>).asList() }
            val all = lanes.flatMap { lane -> generateSequence(field(lane!!, "head")) { field(it, "next") } }
            val deadline = all.single { field(it, "index") == index }
            val lane = field(deadline, "owner")!!
            lane.javaClass
                .getMethod(
                    "remove",
                    deadline.javaClass,
                ).apply { isAccessible = true }
                .invoke(lane, deadline)
            deadline.javaClass
                .getMethod("expire")
                .apply { isAccessible = true }
                .invoke(deadline)
                ?.let { rest -> (rest as () -> Unit)() }
        }

        /** However long it takes on a busy machine: a cancel waits for them a moment only. */
        fun awaitHooks(gather: GatherFuture<*>) {
            val run = field(field(gather, "life")!!, "run") ?: return // it has ended, and so have they
            val running = field(run, "gather")!!
            running.javaClass
                .getMethod("awaitHooks", Duration::class.java)
                .apply { isAccessible = true }
                .invoke(running, Duration.ofSeconds(SECONDS))
        }

        private fun runOf(gather: GatherFuture<*>) = field(
            field(field(field(gather, "life")!!, "run")!!, "gather")!!,
            "run",
        )!!

        private fun field(
            of: Any,
            name: String,
        ): Any? =
            generateSequence<Class<*>>(of.javaClass) { it.superclass }
                .firstNotNullOf { type -> type.declaredFields.firstOrNull { it.name == name } }
                .apply { isAccessible = true }
                .get(of)
    }
}

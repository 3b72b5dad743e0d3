package dev.gather.verification.model

import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherOptions
import dev.gather.coroutines.gatherSettled
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.job
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestCoroutineScheduler
import kotlinx.coroutines.test.TestDispatcher
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.UnconfinedTestDispatcher
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext
import kotlin.time.Duration.Companion.milliseconds

/** Runs a plan through the suspend functions, in virtual time. */
class SuspendDriver private constructor(
    private val test: TestScope,
    private val plan: Plan,
) {
    private val record = Record()

    /** Owns what was running before, and what LEAVE_OTHERS leaves. */
    private val owner = CoroutineScope(test.coroutineContext + SupervisorJob())

    private suspend fun run(): Record {
        val caller =
            owner.launch(start = CoroutineStart.UNDISPATCHED) {
                try {
                    val result = gather(plan, "")
                    record.result(test.currentTime) { "returns ${rendered(result)}" }
                } catch (_: CancellationException) {
                    record.result(test.currentTime) { "is cancelled" }
                } catch (e: Throwable) {
                    record.result(test.currentTime) { "throws ${rendered(e)}" }
                }
            }
        plan.cancelAt?.let { at ->
            owner.launch {
                delay(at)
                caller.cancel()
            }
        }
        owner.coroutineContext.job.children
            .toList()
            .joinAll()
        return record
    }

    private suspend fun gather(
        plan: Plan,
        label: String,
    ): List<Any?> {
        val options = gatherOptions(listener = Recorder(record, label))
        val timeout = plan.timeout?.milliseconds
        val taskTimeout = plan.taskTimeout?.milliseconds
        val (limit, policy) = plan.limit to plan.policy
        val prefix = if (label.isEmpty()) "" else "$label."
        if (plan.tasks.any { it.running }) {
            val running = ArrayList<Deferred<Any?>>()
            plan.tasks.forEachIndexed { index, node ->
                running +=
                    if (node is Repeat) running[node.of] else start(node, prefix + index)
            }
            return if (plan.settled) {
                running.gatherSettled(timeout, options = options)
            } else {
                running.gather(timeout, policy, owner, options = options)
            }
        }
        if (!plan.lazy) {
            val tasks = plan.tasks.mapIndexed { index, node -> suspend { body(node, prefix + index) } }.toTypedArray()
            return if (plan.settled) {
                gatherSettled(*tasks, limit = limit, timeout = timeout, taskTimeout = taskTimeout, options = options)
            } else {
                gather(
                    *tasks,
                    limit = limit,
                    timeout = timeout,
                    taskTimeout = taskTimeout,
                    onFailure = policy,
                    scope = owner,
                    options = options,
                )
            }
        }
        val tasks = plan.tasks.withIndex()
        return if (plan.settled) {
            tasks.gatherSettled(limit, timeout, taskTimeout, options = options) { body(it.value, prefix + it.index) }
        } else {
            tasks.gather(limit, timeout, taskTimeout, policy, owner, options = options) {
                body(it.value, prefix + it.index)
            }
        }
    }

    private fun start(
        node: Node,
        label: String,
    ): Deferred<Any?> = owner.async(start = CoroutineStart.UNDISPATCHED) { body(node, label) }

    private suspend fun body(
        node: Node,
        label: String,
    ): Any? =
        when (node) {
            is Nested -> gather(node.plan, label)
            is Leaf -> leaf(node, label)
            is Repeat -> error("a lambda is never repeated")
        }

    private suspend fun leaf(
        leaf: Leaf,
        label: String,
    ): Any? {
        record.leaf(label, "starts", test.currentTime)
        val onCancel = leaf.onCancel
        if (leaf.after > 0) {
            try {
                if (onCancel is Stop) delay(leaf.after) else withContext(NonCancellable) { delay(leaf.after) }
            } catch (cancellation: CancellationException) {
                record.leaf(label, "notices", test.currentTime)
                onCancel as Stop
                if (onCancel.after > 0) withContext(NonCancellable) { delay(onCancel.after) }
                record.leaf(label, "ends", test.currentTime)
                throw if (onCancel.breaks) Boom("broken $label") else cancellation
            }
        }
        record.leaf(label, "ends", test.currentTime)
        return when (leaf.ends) {
            Ends.VALUE -> label
            Ends.FAILURE -> throw Boom("boom $label")
            Ends.SELF_CANCEL -> throw CancellationException("cancel $label")
        }
    }

    companion object {
        val dispatchers: Map<String, (TestCoroutineScheduler) -> TestDispatcher> =
            mapOf(
                "dispatched" to { StandardTestDispatcher(it) },
                "undispatched" to { UnconfinedTestDispatcher(it) },
            )

        fun run(
            plan: Plan,
            dispatcher: (TestCoroutineScheduler) -> TestDispatcher,
        ): Record {
            lateinit var record: Record
            runTest(dispatcher(TestCoroutineScheduler())) { record = SuspendDriver(this, plan).run() }
            return record
        }
    }
}

package dev.gather.coroutines.internal.door

import dev.gather.FailurePolicy
import dev.gather.coroutines.internal.admission.Gate
import dev.gather.coroutines.internal.admission.LimiterGate
import dev.gather.coroutines.internal.admission.StaggerGate
import dev.gather.coroutines.internal.admission.Turnstile
import dev.gather.coroutines.internal.bodies.ElasticThreads
import dev.gather.coroutines.internal.bodies.ExecutorThreads
import dev.gather.coroutines.internal.bodies.StageTask
import dev.gather.coroutines.internal.bodies.ThreadBodies
import dev.gather.coroutines.internal.bodies.ThreadsForOne
import dev.gather.coroutines.internal.bodies.futureOf
import dev.gather.coroutines.internal.bodies.isFuture
import dev.gather.coroutines.internal.cells.Slots
import dev.gather.coroutines.internal.run.Delivery
import dev.gather.coroutines.internal.run.Events
import dev.gather.coroutines.internal.run.Ledger
import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.Source
import dev.gather.coroutines.internal.run.Threads
import dev.gather.coroutines.internal.run.Undelivered
import dev.gather.coroutines.internal.run.UserCode
import dev.gather.spi.Plan
import dev.gather.spi.Work
import dev.gather.threads.Clock
import dev.gather.threads.HeldPermits
import java.time.Duration
import java.util.BitSet
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage

/** A gather of the Java door: reads its plan, puts the run together, and starts it. */
internal class PlannedGather(
    plan: Plan,
    private val source: Source,
    slots: Slots,
    delivery: Delivery,
    userCode: UserCode,
    owner: Any,
    private val held: HeldPermits?,
    firstGate: Gate? = null,
) {
    private val options = plan.options
    private val bodies = ThreadBodies(options, plan.context, held, userCode, owner)

    val run: Run =
        Run(
            options.limit(),
            source,
            listOfNotNull(firstGate, stagger(), limiter()).takeUnless { it.isEmpty() }?.let(::Turnstile),
            threads(plan),
            bodies,
            Ledger(
                plan.wanted != Plan.Wanted.VALUES,
                if (plan.wanted == Plan.Wanted.VALUES) options.onFailure() else FailurePolicy.CANCEL_OTHERS,
                options.listener()?.let { Events(it, userCode) },
                slots,
                plan.release?.let(::Undelivered),
            ),
            delivery,
        )

    private fun threads(plan: Plan): Threads {
        ElasticThreads.of(plan.bodies, plan.isolated)?.let { return it }
        val label = options.name()?.let { "gather $it" } ?: "gather"
        val threads = ExecutorThreads(plan.bodies, bodies, plan.context, label)
        return if (plan.isolated) ThreadsForOne(threads) else threads
    }

    private fun stagger(): Gate? =
        options.stagger()?.takeUnless { it.isZero }?.let { StaggerGate(ThreadBodies.nanos(it), Clock.current()) }

    private fun limiter(): Gate? = options.limiter()?.let { LimiterGate(it, held?.call { it.held() }, null) }

    fun awaitHooks(atMost: Duration) = bodies.awaitRest(run, ThreadBodies.nanos(atMost))

    fun isOn(thread: Thread): Boolean = bodies.isOn(thread, run)

    /** @param whenStarted when all that starts with the call has been started */
    fun start(whenStarted: () -> Unit) {
        if (source is WorkSource) awaitStarted(source)
        if (!run.isStopped() && (!run.tokens.isLast || source.mayHaveMore())) bodies.startTimeout(run)
        run.start(asWorker = false)
        whenStarted()
    }

    /**
     * Stages that are running already need no worker. Those that are done count before anything
     * starts, in input order; values first, which cannot stop the run and so are not lost.
     */
    private fun awaitStarted(source: WorkSource) {
        val works = source.works
        var unstarted = 0
        val others = BitSet() // done as well
        val pending = BitSet()
        for (index in works.indices) {
            if (source.isRepeat(index)) continue
            val work = works[index]
            if (work.kind() != Work.Kind.STARTED) {
                unstarted++
                continue
            }
            val stage = work.call() as CompletionStage<*>
            val isItself = isFuture(stage)
            val future = if (isItself) stage as CompletableFuture<*> else futureOf(stage)
            when {
                future == null || !future.isDone -> pending.set(index)
                !isItself || future.isCompletedExceptionally -> others.set(index)
                else -> endsWith(future.join(), work, index)
            }
        }
        // One for each, of whoever completes it, who has no thread for other tasks.
        run.tokens.takeIdle(others.cardinality() + pending.cardinality())
        others.forEach { begin(works[it], it) }
        pending.forEach { begin(works[it], it) }
        if (unstarted == 0) {
            source.skipAll()
            run.inputHasEnded()
        }
    }

    private fun endsWith(
        value: Any?,
        work: Work,
        index: Int,
    ) {
        val deadline = bodies.startDeadline(run, index, work, null)
        bodies.ended(run, index, work, value, null, bodies.started(run, index, deadline, null), deadline, null)
    }

    private inline fun BitSet.forEach(action: (Int) -> Unit) {
        var index = nextSetBit(0)
        while (index >= 0) {
            action(index)
            index = nextSetBit(index + 1)
        }
    }

    private fun begin(
        work: Work,
        index: Int,
    ) {
        val deadline = bodies.startDeadline(run, index, work, null)
        val startNanos = bodies.started(run, index, deadline, null)
        val isPlain = deadline == null && startNanos == 0L
        val start = if (isPlain) {
            null
        } else {
            StageTask.Start(
                startNanos,
                deadline,
                null,
                holdsPlace = false,
                hookCalled = false,
            )
        }
        StageTask.await(run, index, work, start)
    }
}

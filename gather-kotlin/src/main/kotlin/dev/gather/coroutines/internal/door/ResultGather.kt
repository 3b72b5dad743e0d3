package dev.gather.coroutines.internal.door

import dev.gather.CancelReason
import dev.gather.Progress
import dev.gather.coroutines.internal.bodies.around
import dev.gather.coroutines.internal.cells.Slots
import dev.gather.coroutines.internal.delivery.OneResult
import dev.gather.coroutines.internal.delivery.Quorum
import dev.gather.coroutines.internal.run.UserCode
import dev.gather.spi.GatherRun
import dev.gather.spi.GatherSink
import dev.gather.spi.Plan
import dev.gather.threads.HeldPermits
import dev.gather.threads.Inside
import java.time.Duration

/** A gather of the Java door with one result. */
internal class ResultGather(
    plan: Plan,
    private val sink: GatherSink,
) : GatherRun,
    UserCode {
    private val context = plan.context
    private val result =
        OneResult(plan.options, if (plan.wanted == Plan.Wanted.SUCCESSES) Quorum(plan.enough) else null, sink)
    private val gather =
        Inputs.source(plan).let { source ->
            val slots = Slots(maxOf(source.total, 0))
            PlannedGather(plan, source, slots, result, this, sink, HeldPermits.current())
        }

    /** And nobody gets anything. */
    @Volatile private var isCancelled = false

    override fun call(action: Runnable) = Inside.run(sink) { context.around(action::run) }

    override fun start() = gather.start { result.hasStarted(gather.run) }

    override fun requestCancel(): Boolean {
        if (!result.tryDecide()) return false
        gather.run.ledger.tryStop(CancelReason.GATHER)
        isCancelled = true
        return true
    }

    override fun cancelTasks() {
        val run = gather.run
        run.ledger.stopLeaving()
        val undelivered = run.ledger.undelivered
        val mayRelease = isCancelled && undelivered != null && run.tokens.tryTake() // else the end does it
        run.stopped() // first: all bodies are interrupted before code of users is called
        if (!mayRelease) return
        undelivered.releaseRest(run)
        run.returnToken()
    }

    override fun awaitHooks() = gather.awaitHooks(MOMENT)

    override fun isTerminated(): Boolean = result.isTerminated

    override fun progress(): Progress = result.progress(gather.run)

    override fun isOn(thread: Thread): Boolean = gather.isOn(thread)

    private companion object {
        val MOMENT: Duration = Duration.ofMillis(100)
    }
}

package dev.gather.coroutines.internal.door

import dev.gather.CancelReason
import dev.gather.Completed
import dev.gather.coroutines.internal.admission.DemandGate
import dev.gather.coroutines.internal.bodies.ThreadBodies
import dev.gather.coroutines.internal.bodies.around
import dev.gather.coroutines.internal.cells.Slots
import dev.gather.coroutines.internal.delivery.Handing
import dev.gather.coroutines.internal.delivery.LiveSlots
import dev.gather.coroutines.internal.run.Source
import dev.gather.coroutines.internal.run.UserCode
import dev.gather.spi.Plan
import dev.gather.spi.StreamRun
import dev.gather.spi.StreamSink
import dev.gather.threads.HeldPermits
import dev.gather.threads.Inside
import java.time.Duration
import java.util.concurrent.atomic.AtomicBoolean

/** A gather of the Java door that hands out its results as they come. Is itself whether it has begun. */
internal class StreamGather(
    plan: Plan,
    private val sink: StreamSink,
) : AtomicBoolean(),
    StreamRun {
    private val source = Inputs.source(plan)
    private val demandGate = DemandGate(isExact = plan.options.limit() == Int.MAX_VALUE)
    private val context = plan.context
    private val userCode = UserCode { Inside.run(sink) { context.around(it::run) } }
    private val results =
        Handing(
            plan.options,
            plan.wanted == Plan.Wanted.COMPLETIONS_IN_ORDER,
            source::needsNoWorker,
            userCode,
            sink,
        )
    private val makers: HeldPermits? = HeldPermits.current()

    /** Put together by whoever comes first, whose work it is a part of. */
    private val gather by lazy {
        val slots = if (source is WorkSource) Slots(source.total) else LiveSlots()
        PlannedGather(plan, source, slots, results, userCode, sink, HeldPermits.current() ?: makers, demandGate)
    }

    override fun request(n: Long) {
        if (n < 1) {
            val refusal = "n must be at least 1 (rule 3.9 of Reactive Streams), but was $n"
            return abort(IllegalArgumentException(refusal))
        }
        results.request(n)
        demandGate.demand(n)
        if (compareAndSet(false, true)) gather.start {}
        results.handOut(gather.run)
        gather.run.invite()
    }

    override fun cancel() {
        results.cancel()
        end()
    }

    override fun abort(reason: Throwable) {
        results.abort(reason)
        end()
    }

    private fun end() {
        gather.run.stop(CancelReason.GATHER)
        if (compareAndSet(false, true)) gather.run.returnToken() // of the one who would have begun
        if (gather.run.tokens.isNone) {
            gather.run.ledger.undelivered
                ?.releaseRest(gather.run)
        }
        results.handOut(gather.run)
    }

    override fun takeBack(completed: Completed<*>) {
        val index = (completed.index % Source.NUMBERS).toInt()
        val value = completed.outcome.getOrNull()
        if (source.originalOf(index) == index && value != null) {
            gather.run.ledger.undelivered
                ?.takeBack(completed.index, value)
        }
    }

    override fun awaitReleases(atMost: Duration?) {
        val undelivered = gather.run.ledger.undelivered ?: return
        if (isOn(Thread.currentThread())) return
        undelivered.underWay.await(atMost?.let(ThreadBodies::nanos) ?: Long.MAX_VALUE)
    }

    override fun isOn(thread: Thread): Boolean = gather.isOn(thread)
}

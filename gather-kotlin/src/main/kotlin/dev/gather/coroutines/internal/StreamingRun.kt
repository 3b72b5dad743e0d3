package dev.gather.coroutines.internal

import dev.gather.CancelReason
import dev.gather.Completed
import dev.gather.Outcome
import dev.gather.spi.Plan
import dev.gather.spi.StreamRun
import dev.gather.spi.StreamSink
import java.time.Duration
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger

/**
 * A gather of the Java door that hands out its results as they come, as many as are asked for.
 *
 * A result keeps the permit of its task until it has been handed out, so with a limit there are never
 * more tasks running and results waiting than that; without one, no more tasks start than were asked for.
 */
internal class StreamingRun private constructor(
    plan: Plan,
    private val sink: StreamSink,
    source: TaskSource,
    private val mailer: Mailer,
) : FutureRun(
        plan,
        Events(plan.options.listener(), mailer),
        source,
        if (plan.mayRepeat || !plan.areMade && source is ListSource) Slots(source.sizeHint) else LiveSlots(),
    ),
    StreamRun {
    constructor(plan: Plan, sink: StreamSink) : this(plan, sink, Inputs.source(plan), Mailer())

    private val outbox = Outbox(plan.wanted == Plan.Wanted.COMPLETIONS_IN_ORDER)
    private val demand = Credits()
    private val demandGate = DemandGate(this, isExact = options.limit() == Int.MAX_VALUE)
    private val hasBegun = AtomicBoolean()

    /** How often somebody has come to deliver since the one who is at it has looked. */
    private val calls = AtomicInteger()

    /** What has been put into the outbox, where a grace may have to tell of the rest; guarded by itself. */
    private val told: Positions? = options.grace()?.let { Positions() }

    @Volatile private var isCancelled = false

    /** Nothing more comes. */
    @Volatile private var isOver = false

    @Volatile private var isTold = false

    /** Why the run was given up before its end. */
    @Volatile private var abortion: Throwable? = null

    init {
        addGate(demandGate)
        mailer.run = this
    }

    override fun request(n: Long) {
        if (n < 1) {
            val refusal = "n must be at least 1 (rule 3.9 of Reactive Streams), but was $n"
            return abort(IllegalArgumentException(refusal))
        }
        demand.add(n)
        demandGate.demand(n)
        if (hasBegun.compareAndSet(false, true)) begin()
        deliver()
        invite()
    }

    override fun cancel() {
        isCancelled = true
        stop(CancelReason.GATHER)
        if (hasBegun.compareAndSet(false, true)) returnToken() // of the one who would have begun
        deliver()
    }

    override fun abort(reason: Throwable) {
        abortion = reason
        stop(CancelReason.GATHER)
        if (hasBegun.compareAndSet(false, true)) returnToken()
        deliver()
    }

    // ---- results

    override fun keepsPermit(index: Int): Boolean = !needsNoWorker(index)

    private fun completed(
        index: Int,
        name: String?,
        outcome: Outcome<Any?>,
        elapsed: Duration,
    ) {
        if (isOver || isCancelled || isRepeat(index)) return
        add(Completed(source!!.positionOf(index), name, outcome, elapsed))
        for (other in repeatsOf(index)) add(Completed(other.toLong(), nameOf(other), outcome, elapsed))
        deliver()
    }

    private fun add(completed: Completed<Any?>) {
        if (told == null) {
            outbox.add(completed)
        } else {
            synchronized(told) { if (!isOver && told.add(completed.index)) outbox.add(completed) }
        }
    }

    /** By one thread at a time; whoever comes meanwhile leaves it to that one to look again. */
    private fun deliver() {
        if (calls.getAndIncrement() != 0) return
        var seen = 1
        while (seen != 0) {
            deliverWhatIsThere()
            seen = calls.addAndGet(-seen)
        }
    }

    private fun deliverWhatIsThere() {
        while (!isCancelled && !isTold) {
            if (abortion != null) return tellEnd()
            val isAll = isOver // before a look that finds nothing
            if (!demand.anyLeft()) {
                if (isAll && outbox.isEmpty()) tellEnd()
                return
            }
            val completed = outbox.take()
            if (completed == null) {
                if (isAll) tellEnd()
                return
            }
            demand.tryTake()
            sink.next(completed)
            if (works == null || keepsPermit(completed.index.toInt())) permits.release()
        }
        outbox.clear()
    }

    private fun tellEnd() {
        isTold = true
        val failure = verdict.failure()
        val abortion = abortion
        when {
            abortion != null -> sink.failed(abortion)
            failure == null -> sink.completed()
            else -> sink.failed(
                Report.failure(options.name(), failure, emptyList()).apply { suppress(cleanupErrors()) },
            )
        }
    }

    // ---- what FutureRun asks for

    override fun isDelivered(): Boolean = isTold || isCancelled

    override fun decidedEarly() {}

    /** Those that would not stop count as cancelled, as do those behind them; nobody hears of their end. */
    override fun graceIsOver() {
        if (!tryTakeToken()) return // everything has ended by now
        val input = source!!
        synchronized(told!!) {
            for (position in told.next until maxOf(input.count, input.total.toLong())) {
                if (told.add(position)) outbox.add(unfinished(position, position < input.count))
            }
            isOver = true
        }
        returnToken()
        onSafeStack(::deliver)
    }

    private fun unfinished(
        position: Long,
        isTaken: Boolean,
    ): Completed<Any?> {
        val index = (position % TaskSource.NUMBERS).toInt()
        val outcome = Cell.toOutcome(slots.get(originalOf(index)), isTaken, verdict.stop())
        return Completed(position, nameOf(index), outcome, Duration.ZERO)
    }

    override fun conclusion(): () -> Unit {
        isOver = true
        return {
            sink.terminated()
            deliver()
        }
    }

    /** Comes before the run, whose constructor needs it. */
    private class Mailer : Events.Completions {
        lateinit var run: StreamingRun

        override fun completed(
            index: Int,
            name: String?,
            outcome: Outcome<Any?>,
            elapsed: Duration,
        ) = run.completed(index, name, outcome, elapsed)
    }
}

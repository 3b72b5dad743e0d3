package dev.gather.coroutines.internal.delivery

import dev.gather.Completed
import dev.gather.GatherOptions
import dev.gather.Outcome
import dev.gather.coroutines.internal.cells.Credits
import dev.gather.coroutines.internal.run.Cell
import dev.gather.coroutines.internal.run.Delivery
import dev.gather.coroutines.internal.run.Report
import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.Source
import dev.gather.coroutines.internal.run.UserCode
import dev.gather.coroutines.internal.run.suppress
import dev.gather.spi.StreamSink
import dev.gather.threads.DaemonThreads
import dev.gather.threads.StackGuard
import java.time.Duration
import java.util.concurrent.atomic.AtomicInteger

/**
 * Results as they come, as many as are asked for, for a [StreamSink] of the Java door.
 *
 * A result keeps the place of its task until it has been handed out, so with a limit there are never
 * more tasks running and results waiting than that; without one, no more tasks start than were asked for.
 */
internal class Handing(
    private val options: GatherOptions,
    inOrder: Boolean,
    private val needsNoWorker: (Int) -> Boolean,
    private val userCode: UserCode,
    private val sink: StreamSink,
) : Delivery {
    private val outbox = Outbox(inOrder)
    private val demand = Credits()

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

    /** Whether nobody wants what has not been handed out. */
    private val isGivenUp: Boolean get() = isCancelled || abortion != null

    // ---- the reader

    fun request(
        n: Long,
    ) = demand.add(n)

    fun cancel() {
        isCancelled = true
    }

    fun abort(reason: Throwable) {
        abortion = reason
    }

    /** By one thread at a time; whoever comes meanwhile leaves it to that one to look again. */
    override fun handOut(run: Run) {
        val undelivered = run.ledger.undelivered
        if (undelivered == null) handOutInTurn(run) else undelivered.underWay.around { handOutInTurn(run) }
    }

    private fun handOutInTurn(run: Run) {
        if (calls.getAndIncrement() != 0) return
        var seen = 1
        while (seen != 0) {
            handOutWhatIsThere(run)
            seen = calls.addAndGet(-seen)
        }
    }

    private fun handOutWhatIsThere(run: Run) {
        while (!isCancelled && !isTold) {
            if (abortion != null) {
                tellEnd(run)
                break
            }
            val isAll = isOver // before a look that finds nothing
            if (!demand.anyLeft()) {
                if (isAll && outbox.isEmpty()) tellEnd(run)
                return
            }
            val completed = outbox.take()
            if (completed == null) {
                if (isAll) tellEnd(run)
                return
            }
            demand.tryTake()
            next(run, completed)
            if (keepsPlace((completed.index % Source.NUMBERS).toInt())) run.places.release()
        }
        outbox.clear()
        run.ledger.undelivered?.releaseRest(run)
    }

    private fun next(
        run: Run,
        completed: Completed<Any?>,
    ) {
        val index = (completed.index % Source.NUMBERS).toInt()
        val undelivered = run.ledger.undelivered
        val isFirst = undelivered?.deliver(completed.index) == true // whoever takes it may cancel at once
        if (!isFirst && undelivered?.isGivenUp == true) return
        var isTaken = false
        tell { isTaken = sink.next(completed) }
        if (isFirst && !isTaken) undelivered.drop(run, index, (completed.outcome as Outcome.Success).value)
    }

    private fun tellEnd(run: Run) {
        isTold = true
        val failure = run.ledger.failure()
        val abortion = abortion
        tell {
            when {
                abortion != null -> sink.failed(abortion)
                failure == null -> sink.completed()
                else -> sink.failed(
                    Report
                        .failure(
                            options.name(),
                            failure,
                            emptyList(),
                            Report.UNKNOWN,
                        ).apply { suppress(run.ledger.cleanupErrors()) },
                )
            }
        }
    }

    private inline fun tell(crossinline telling: () -> Unit) {
        if (sink.callsUser()) userCode.call { telling() } else telling()
    }

    // ---- Delivery

    override fun keepsPlace(index: Int): Boolean = !needsNoWorker(index)

    override val hearsEnds: Boolean get() = true

    override fun count(
        run: Run,
        index: Int,
        name: String?,
        outcome: Outcome<Any?>,
        elapsed: Duration,
    ): Boolean {
        val source = run.source!!
        if (isOver || isCancelled || source.originalOf(index) != index) return false
        add(Completed(source.positionOf(index), name, outcome, elapsed))
        for (other in source.repeatsOf(index)) add(Completed(other.toLong(), run.nameOf(other), outcome, elapsed))
        return false
    }

    private fun add(completed: Completed<Any?>) {
        if (told == null) {
            outbox.add(completed)
        } else {
            synchronized(told) { if (!isOver && told.add(completed.index)) outbox.add(completed) }
        }
    }

    override fun inputIsOver(run: Run): Boolean = false

    override fun decidedEarly(run: Run) {}

    override fun isDecided(): Boolean = isTold || isCancelled

    /** Those that would not stop count as cancelled, as do those behind them; nobody hears of their end. */
    override fun graceIsOver(run: Run) {
        if (!run.tokens.tryTake()) return // everything has ended by now
        val source = run.source!!
        synchronized(told!!) {
            for (position in told.next until maxOf(source.count, source.total.toLong())) {
                if (told.add(position)) outbox.add(unfinished(run, source, position))
            }
            isOver = true
        }
        run.ledger.slots.forEach(source.size()) { cell, _ -> (cell as? Cell.Running)?.letGo() }
        if (isGivenUp) run.ledger.undelivered?.releaseRest(run)
        run.returnToken()
        StackGuard.run(DaemonThreads.EXECUTOR) { handOut(run) }
    }

    private fun unfinished(
        run: Run,
        source: Source,
        position: Long,
    ): Completed<Any?> {
        val index = (position % Source.NUMBERS).toInt()
        val cell = run.ledger.slots.get(source.originalOf(index))
        val outcome = Cell.toOutcome(cell, position < source.count, run.ledger.stop())
        return Completed(position, source.nameOf(index), outcome, Duration.ZERO)
    }

    override fun conclude(
        run: Run,
        byWorker: Boolean,
    ) {
        isOver = true
        val rest = if (isGivenUp) {
            run.ledger.undelivered
                ?.takeRest(run)
                .orEmpty()
        } else {
            emptyList()
        }
        if (rest.isEmpty()) return end(run)
        run.bodies.callLater(run, rest) { end(run) }
    }

    private fun end(run: Run) {
        run.forget()
        StackGuard.run(DaemonThreads.EXECUTOR) {
            sink.terminated()
            handOut(run)
        }
    }
}

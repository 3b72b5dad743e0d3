package dev.gather.coroutines.internal.delivery

import dev.gather.CancelReason
import dev.gather.Completed
import dev.gather.GatherOptions
import dev.gather.Outcome
import dev.gather.Progress
import dev.gather.coroutines.internal.run.Cell
import dev.gather.coroutines.internal.run.Delivery
import dev.gather.coroutines.internal.run.Report
import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.Source
import dev.gather.coroutines.internal.run.Unfinished
import dev.gather.coroutines.internal.run.suppress
import dev.gather.spi.GatherSink
import dev.gather.threads.DaemonThreads
import dev.gather.threads.StackGuard
import java.time.Duration
import java.util.OptionalInt
import java.util.concurrent.atomic.AtomicBoolean

/** One result, for a [GatherSink] of the Java door. Is itself whether somebody has taken the result on. */
internal class OneResult(
    private val options: GatherOptions,
    private val quorum: Quorum?,
    private val sink: GatherSink,
) : AtomicBoolean(),
    Delivery {
    /** While the call that starts the run has not returned: nobody has the future yet. */
    @Volatile private var isStarting = true

    /** Whoever ends a stage, on a thread that is inside nothing of the run; and what it is to tell. */
    @Volatile private var holder: Thread? = null

    @Volatile private var heldBack: (() -> Unit)? = null

    @Volatile private var finalProgress: Progress? = null

    @Volatile
    var isTerminated: Boolean = false
        private set

    /** Whether the caller is the one to say what came of the run. */
    fun tryDecide(): Boolean = compareAndSet(false, true)

    /** All that starts with the call has been started. */
    fun hasStarted(run: Run) {
        isStarting = false
        if (!run.ledger.isLeaving() || !run.tokens.tryTake()) return
        val tell = if (tryDecide()) result(run, deliver(run)) else null
        run.ledger.undelivered?.releaseRest(run)
        run.returnToken()
        tell?.invoke()
    }

    // ---- Delivery

    override fun keepsPlace(index: Int): Boolean = false

    override val hearsEnds: Boolean get() = quorum != null

    override fun count(
        run: Run,
        index: Int,
        name: String?,
        outcome: Outcome<Any?>,
        elapsed: Duration,
    ): Boolean = quorum?.count(run, index, name, outcome, elapsed) ?: false

    override fun handOut(run: Run) {}

    override fun inputIsOver(run: Run): Boolean = quorum?.givesUp(run) ?: false

    override fun isDecided(): Boolean = get()

    /**
     * Only the first failure of a gather that leaves its others running. Elsewhere: here somebody may still be inside
     * of one of its tasks, and a dependent may wait for the end of all.
     */
    override fun decidedEarly(run: Run) {
        if (isStarting || !tryDecide()) return
        val tell = result(run, deliver(run))
        run.ledger.undelivered?.releaseRest(run)
        if (holder === Thread.currentThread()) heldBack = tell else DaemonThreads.EXECUTOR.execute(tell)
    }

    override fun holdBack() {
        holder = Thread.currentThread()
    }

    override fun tellHeldBack() {
        if (holder === Thread.currentThread()) holder = null // what it decides later nobody would tell
        if (heldBack != null) synchronized(this) { heldBack.also { heldBack = null } }?.let(::onSafeStack)
    }

    override fun graceIsOver(run: Run) {
        if (!run.tokens.tryTake()) return // everything has ended by now
        if (run.ledger.stop() == null) run.bodies.settleRepeats(run) // nobody is waited for but those given up
        var result: (() -> Unit)? = null
        if (tryDecide()) result = result(run, deliver(run), stragglers(run))
        run.ledger.slots.forEach(run.source!!.size()) { cell, _ -> (cell as? Cell.Running)?.letGo() }
        if (result != null) run.ledger.undelivered?.releaseRest(run) // else who has decided does
        run.returnToken() // before the dependents, which may wait for the end
        result?.let(::onSafeStack)
    }

    /** Those that are running, in input order. */
    private fun stragglers(run: Run): List<Int> {
        val running = ArrayList<Int>()
        run.ledger.slots.forEach(run.source!!.size()) { cell, index -> if (cell is Cell.Running) running += index }
        return running.sorted()
    }

    override fun conclude(
        run: Run,
        byWorker: Boolean,
    ) {
        finalProgress = count(run, run.source!!)
        val isOurs = tryDecide()
        val delivered = if (isOurs) deliver(run) else null
        val rest = run.ledger.undelivered
            ?.takeRest(run)
            .orEmpty()
        if (rest.isEmpty()) return end(run, isOurs, delivered, byWorker)
        run.bodies.callLater(run, rest) { end(run, isOurs, delivered, byWorker = false) }
    }

    private fun end(
        run: Run,
        isOurs: Boolean,
        delivered: List<Any?>?,
        byWorker: Boolean,
    ) {
        val result = if (isOurs) result(run, delivered) else null
        isTerminated = true
        run.forget()
        val tell: () -> Unit = {
            sink.terminated(result != null)
            result?.invoke()
        }
        // At the bottom of a thread's stack a new virtual thread need not remember that it is.
        if (byWorker && options.executor() == null) tell() else onSafeStack(tell)
    }

    private fun onSafeStack(action: () -> Unit) = StackGuard.run(DaemonThreads.EXECUTOR, action)

    /** What to tell, which is decided; [delivered] is null where the gather fails. */
    private fun result(
        run: Run,
        delivered: List<Any?>?,
        stragglers: List<Int> = emptyList(),
    ): () -> Unit {
        if (delivered != null) {
            val source = run.source!!
            return { if (!sink.succeeded(delivered)) takeBack(run, source, delivered) }
        }
        val exception = exception(run, stragglers)
        exception.suppress(run.ledger.cleanupErrors())
        return { sink.failed(exception) }
    }

    /** What the caller gets, and nobody releases any more; null where the gather fails. */
    private fun deliver(run: Run): List<Any?>? {
        val ledger = run.ledger
        val source = run.source!!
        val undelivered = ledger.undelivered
        return when {
            ledger.failure() != null -> null

            quorum?.isReached == true -> quorum.successes().also { successes ->
                if (undelivered != null) successes.forEach { undelivered.deliver(source, it.index.toInt()) }
            }

            ledger.stop() == CancelReason.TIMEOUT && (!ledger.settled || quorum != null) -> null

            ledger.settled -> ledger.outcomes(source).also { outcomes ->
                // Not all there are: some may still be running, and have a value at any moment.
                if (undelivered != null) {
                    outcomes.forEachIndexed { index, it -> if (it.isSuccess) undelivered.deliver(source, index) }
                }
            }

            else -> ledger.values(source).also { undelivered?.deliverAll() }
        }
    }

    /** Somebody else was first to complete the future, and nobody gets it. */
    private fun takeBack(
        run: Run,
        source: Source,
        results: List<Any?>,
    ) {
        val undelivered = run.ledger.undelivered ?: return sink.terminated(false)
        results.forEachIndexed { place, result ->
            val index = if (quorum == null) place else (result as Completed<*>).index.toInt()
            val value = when {
                quorum != null -> (result as Completed<*>).outcome.getOrNull()
                run.ledger.settled -> (result as Outcome<*>).getOrNull()
                else -> result
            }
            if (value != null) undelivered.takeBack(source.originalOf(index).toLong(), value)
        }
        run.bodies.callLater(run, undelivered.takeRest(run)) { sink.terminated(false) }
    }

    private fun exception(
        run: Run,
        stragglers: List<Int>,
    ): Throwable {
        val ledger = run.ledger
        val source = run.source!!
        val name = options.name()
        val outcomes = ledger.outcomesOfFailure(source)
        val stillRunning = Report.few(stragglers) { Report.task(it, source.nameOf(it)) }
        val failure = ledger.failure()
        if (failure == null) {
            val unfinished = Unfinished.text(outcomes, source, run.admission, stragglers.toSet())
            return Report.timeout(name, options.timeout()!!, outcomes, source.total, unfinished, stillRunning)
        }
        return Report.failure(name, failure, outcomes, source.total, stillRunning, quorum?.missing(source.size()))
    }

    // ---- how far it is

    fun progress(run: Run): Progress {
        finalProgress?.let { return it }
        val source = run.source ?: return finalProgress!!
        return count(run, source)
    }

    private fun count(
        run: Run,
        source: Source,
    ): Progress {
        val total = if (source.total >= 0) OptionalInt.of(source.total) else OptionalInt.empty()
        // Whether every task has returned a value, which shows without a look at each.
        val ledger = run.ledger
        if (run.tokens.isNone && !ledger.settled && ledger.stop() == null && ledger.failure() == null) {
            return Progress(total, source.total, source.total, 0, 0)
        }
        var started = 0
        var succeeded = 0
        var failed = 0
        var cancelled = 0
        for (index in 0 until source.size()) {
            val cell = ledger.slots.get(index) ?: continue
            if (cell !== Cell.NEVER_STARTED && (cell !is Cell.Failed || cell.hasStarted)) started++
            when (cell) {
                is Cell.Running -> Unit
                is Cell.Failed -> failed++
                is Cell.SelfCancelled, Cell.STOPPED, Cell.FATAL, Cell.NEVER_STARTED -> cancelled++
                else -> succeeded++
            }
        }
        return Progress(total, started, succeeded, failed, cancelled)
    }
}

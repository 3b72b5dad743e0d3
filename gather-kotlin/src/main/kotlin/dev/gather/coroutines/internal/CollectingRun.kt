package dev.gather.coroutines.internal

import dev.gather.CancelReason
import dev.gather.Progress
import dev.gather.spi.GatherRun
import dev.gather.spi.GatherSink
import dev.gather.spi.Plan
import java.util.OptionalInt
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater

/** A gather of the Java door with one result, which goes to a [GatherSink]. */
internal class CollectingRun(
    plan: Plan,
    private val sink: GatherSink,
    private val quorum: Quorum? = Quorum.of(plan),
) : FutureRun(plan, Events.of(plan.options.listener(), quorum)),
    GatherRun {
    @Volatile private var delivered = 0 // 1 once somebody has taken it on

    @Volatile private var terminated = false

    @Volatile private var finalProgress: Progress? = null

    init {
        quorum?.run = this
    }

    override fun start() = begin()

    override fun inputIsOver() {
        quorum?.giveUpIfImpossible()
    }

    // ---- the result

    override fun isDelivered(): Boolean = delivered != 0

    /** Whether the caller is the one to say what came of the run. */
    private fun tryDeliver(): Boolean = DELIVERED.compareAndSet(this, 0, 1)

    override fun graceIsOver() {
        if (!tryTakeToken()) return // everything has ended by now
        var result: (() -> Unit)? = null
        if (tryDeliver()) result = result(stragglers().map { Report.task(it, nameOf(it)) })
        returnToken() // before the dependents, which may wait for the end
        result?.let(::onSafeStack)
    }

    /** Only the first failure of a gather that leaves its others running. */
    override fun decidedEarly() {
        if (!awaitsStarted && tryDeliver()) onSafeStack(result(emptyList()))
    }

    override fun conclusion(): () -> Unit {
        quorum?.giveUpIfImpossible()
        finalProgress = progress()
        val result = if (tryDeliver()) result(emptyList()) else null
        terminated = true
        return {
            sink.terminated()
            result?.invoke()
        }
    }

    private fun result(stragglers: List<String>): () -> Unit {
        val failure = verdict.failure()
        val name = options.name()
        return when {
            failure != null -> {
                val exception = Report.failure(name, failure, outcomes(), stragglers, quorum?.missing(size()))
                exception.suppress(cleanupErrors());
                { sink.failed(exception) }
            }

            quorum?.isReached == true -> quorum.successes().let { { sink.succeeded(it) } }

            verdict.stop() == CancelReason.TIMEOUT && (!settled || quorum != null) -> {
                val exception = Report.timeout(name, options.timeout()!!, outcomes(), stragglers)
                exception.suppress(cleanupErrors());
                { sink.failed(exception) }
            }

            settled -> outcomes().let { { sink.succeeded(it) } }

            else -> values().let { { sink.succeeded(it) } }
        }
    }

    // ---- GatherRun

    override fun requestCancel(): Boolean {
        if (!tryDeliver()) return false
        verdict.tryStop(CancelReason.GATHER)
        return true
    }

    override fun cancelTasks() {
        stopLeaving()
        revokeHelper()
        gate?.close()
        cancelRunning()
    }

    override fun isTerminated(): Boolean = terminated

    override fun progress(): Progress {
        finalProgress?.let { return it }
        val input = source ?: return finalProgress!!
        val total = if (input.total >= 0) OptionalInt.of(input.total) else OptionalInt.empty()
        if (hasSucceeded()) return Progress(total, input.total, input.total, 0, 0)
        var started = 0
        var succeeded = 0
        var failed = 0
        var cancelled = 0
        for (index in 0 until size(input)) {
            when (val cell = slots.get(index)) {
                null -> continue
                Cell.NEVER_STARTED -> cancelled++
                else -> {
                    started++
                    when (cell) {
                        is Cell.Running -> Unit
                        is Cell.Failed -> failed++
                        Cell.STOPPED, Cell.SELF_CANCELLED, Cell.FATAL -> cancelled++
                        else -> succeeded++
                    }
                }
            }
        }
        return Progress(total, started, succeeded, failed, cancelled)
    }

    /** Whether every task has returned a value, which shows without a look at each. */
    private fun hasSucceeded() = isOver() && !settled && !isStopped() && verdict.failure() == null

    private companion object {
        val DELIVERED: AtomicIntegerFieldUpdater<CollectingRun> =
            AtomicIntegerFieldUpdater.newUpdater(CollectingRun::class.java, "delivered")
    }
}

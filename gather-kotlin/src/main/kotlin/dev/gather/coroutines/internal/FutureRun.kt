package dev.gather.coroutines.internal

import dev.gather.CancelReason
import dev.gather.Progress
import dev.gather.spi.BodyContext
import dev.gather.spi.GatherRun
import dev.gather.spi.GatherSink
import dev.gather.spi.Plan
import dev.gather.spi.Work
import java.util.OptionalInt
import java.util.concurrent.Executor
import java.util.concurrent.TimeoutException
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater

/** A gather of blocking bodies and stages, on an executor; its result goes to a [GatherSink]. */
internal class FutureRun(
    plan: Plan,
    private val sink: GatherSink,
) : Run(
        plan.settled,
        plan.options.onFailure(),
        plan.options.limit(),
        plan.options.listener()?.let(::Events),
        Inputs.source(plan),
    ),
    GatherRun {
    private val options = plan.options
    val bodies: Executor = plan.bodies
    val elastic: Executor = plan.elastic
    private val context: BodyContext? = plan.context

    /** The tasks, where they are all there from the beginning. */
    private var works: List<Work>? = Inputs.known(plan)
    private val repeats: IntArray? = Inputs.repeats(plan)
    private val taskDeadlines: TaskDeadlines? = options.taskTimeout()?.let { TaskDeadlines(it, this) }

    @Volatile private var delivered = 0 // 1 once somebody has taken it on

    /** The thread inside [start]: an executor that runs things inline runs bodies on it. */
    @Volatile private var starter: Thread? = null

    @Volatile private var reader: FutureWorker? = null

    @Volatile private var deadline: Runnable? = null

    @Volatile private var graceTimer: Runnable? = null

    /** Those that are inside a hook; guarded by the slots. */
    private var hookThreads: MutableSet<Thread>? = null

    /** An early decision waits until it is known what else was done. */
    @Volatile private var awaitsStarted = false

    @Volatile private var terminated = false

    @Volatile private var finalProgress: Progress? = null

    // ---- start

    override fun start() {
        starter = Thread.currentThread()
        val works = works
        if (works != null) awaitStarted(works)
        startDeadline()
        bringHelper()
        starter = null
        returnToken()
    }

    /**
     * Stages that are running already need no worker. Those that are done count before anything
     * starts, in input order; values first, which cannot stop the run and so are not lost.
     */
    private fun awaitStarted(works: List<Work>) {
        var others = 0
        var pending = 0
        awaitsStarted = true
        for (index in works.indices) {
            val work = works[index]
            if (work.kind() != Work.Kind.STARTED) {
                others++
            } else if (!isRepeat(index) && !StageTask.hadValue(this, index, work)) {
                pending++
            }
        }
        if (pending > 0) {
            for (isReady in listOf(StageTask::isDone) + { _: Work -> true }) {
                for (index in works.indices) {
                    val work = works[index]
                    if (work.kind() != Work.Kind.STARTED || isRepeat(index) || slots.get(index) != null) continue
                    if (isReady(work)) StageTask.start(this, index, work)
                }
            }
        }
        awaitsStarted = false
        if (isLeaving()) decidedEarly()
        if (others == 0) (source as ListSource).skipAll()
    }

    private fun startDeadline() {
        val timeout = options.timeout() ?: return
        if (isStopped() || isIdle() && !source!!.mayHaveMore()) return
        if (timeout.isZero) {
            stop(CancelReason.TIMEOUT)
        } else {
            deadline = Timers.schedule(timeout, elastic) { stop(CancelReason.TIMEOUT) }
        }
    }

    /** Whether the same task stands at an earlier place, whose result this one shares. */
    fun isRepeat(index: Int): Boolean = repeats?.let { it[index] >= 0 } ?: false

    // ---- what Run asks for

    override fun isStopped(): Boolean = verdict.stop() != null

    override fun newWorker(): Worker = FutureWorker(this)

    override fun canCallHelper(): Boolean = true

    override val helpersAtOnce: Int get() = PROCESSORS

    override fun dispatchHelper(first: Boolean) {
        FutureWorker(this).send(isFromWorker = !first)
    }

    /** For people. */
    fun label(): String = options.name()?.let { "gather $it" } ?: "gather"

    override fun cedeThread(worker: Worker): Boolean {
        Thread.yield() // a virtual thread is not preempted
        return false
    }

    override fun readingBegins(worker: Worker) {
        worker as FutureWorker
        reader = worker
        worker.beginReading()
        if (isStopped()) worker.interruptReading()
    }

    override fun readingEnds(worker: Worker) {
        reader = null
        (worker as FutureWorker).endReading()
        clearInterrupt()
    }

    override fun interruptReading() {
        reader?.interruptReading()
    }

    override fun cancelRunning() {
        if (!tryTakeToken()) return // nothing is running
        val grace = options.grace()
        if (grace != null && graceTimer == null && delivered == 0) {
            graceTimer = Timers.schedule(grace, elastic, ::graceIsOver)
        }
        StackGuard.run(elastic) {
            interruptReading()
            val upTo = works?.size ?: source!!.taken()
            for (index in 0 until upTo) (slots.get(index) as? Cell.Running)?.cancel(index)
            returnToken()
        }
    }

    private fun graceIsOver() {
        if (!tryTakeToken()) return // everything has ended by now
        var result: (() -> Unit)? = null
        if (tryDeliver()) {
            result =
                result((0 until size()).filter { slots.get(it) is Cell.Running }.map { Report.task(it, nameOf(it)) })
        }
        returnToken() // before the dependents, which may wait for the end
        result?.let(::tell)
    }

    /** Only the first failure of a gather that leaves its others running. */
    override fun decidedEarly() {
        if (!awaitsStarted && tryDeliver()) tell(result(emptyList()))
    }

    override fun isDelivered(): Boolean = delivered != 0

    /** Whether the caller is the one to say what came of the run. */
    private fun tryDeliver(): Boolean = DELIVERED.compareAndSet(this, 0, 1)

    override fun ended(byWorker: Boolean) {
        cancelTimers()
        copyRepeats()
        settleNeverStarted()
        finalProgress = progress()
        val result = if (tryDeliver()) result(emptyList()) else null
        terminated = true
        dropSource()
        works = null
        if (byWorker && bodies === elastic) {
            deliver(result) // at the bottom of a thread's stack, which a new virtual thread need not remember
        } else {
            StackGuard.run(elastic) { deliver(result) }
        }
    }

    private fun deliver(result: (() -> Unit)?) {
        sink.terminated()
        result?.invoke()
    }

    private fun tell(result: () -> Unit) = StackGuard.run(elastic) { result() }

    private fun cancelTimers() {
        deadline?.run()
        graceTimer?.run()
        taskDeadlines?.cancel()
    }

    // ---- tasks

    fun bodyStarts(
        index: Int,
        work: Work,
    ): Long = events?.started(index, work.name()) ?: 0

    fun startDeadline(
        index: Int,
        work: Work,
        running: Cell.Running?,
    ): TaskDeadline? {
        val own = work.timeout()
        val deadline =
            if (own == null) {
                taskDeadlines?.start(index) ?: return null
            } else {
                TaskDeadline(index, own, this, null).also {
                    if (!it.isOver) it.timer = Timers.schedule(own, elastic, it::expire)
                }
            }
        if (running != null && !deadline.isOver) deadline.moveTo(running)
        return deadline
    }

    fun bodyEnded(
        index: Int,
        work: Work,
        value: Any?,
        error: Throwable?,
        startNanos: Long,
        deadline: TaskDeadline?,
    ) {
        val name = work.name()
        val isLate = deadline != null && deadline.end()
        when {
            isLate && (error == null || !isFatal(error)) -> {
                val failure = TimeoutException(Report.taskTimeout(index, name, deadline!!.timeout))
                if (error != null && !isCancellation(error)) failure.addSuppressed(error)
                failed(index, name, failure, startNanos)
            }
            error != null -> failed(index, name, error, startNanos)
            else -> succeeded(index, name, value, startNanos)
        }
    }

    /** Calls a body among the thread locals of the caller. */
    fun call(work: Work): Any? {
        val restore = context?.install() ?: return work.call()
        try {
            return work.call()
        } finally {
            restore.run()
        }
    }

    fun callHook(
        index: Int,
        work: Work,
    ) {
        val thread = Thread.currentThread()
        val isOutermost =
            synchronized(slots) { (hookThreads ?: HashSet<Thread>().also { hookThreads = it }).add(thread) }
        try {
            work.onCancel()
        } catch (e: Throwable) {
            cleanupFailed(index, work.name(), e)
        } finally {
            if (isOutermost) synchronized(slots) { hookThreads!!.remove(thread) }
        }
    }

    /** A body that leaves its thread interrupted must not interrupt the next one; a caller's own flag stays. */
    fun clearInterrupt() {
        if (starter !== Thread.currentThread()) Thread.interrupted()
    }

    /** Whether what runs is to be cancelled, and what has just begun with it. */
    fun isCancelling(): Boolean = isStopped() && !isLeaving()

    // ---- the result

    private fun result(stragglers: List<String>): () -> Unit {
        val failure = verdict.failure()
        val name = options.name()
        return when {
            failure != null -> {
                val exception = Report.failure(name, failure, outcomes(), stragglers)
                exception.suppress(cleanupErrors());
                { sink.failed(exception) }
            }

            settled -> outcomes().let { { sink.succeeded(it) } }

            verdict.stop() == CancelReason.TIMEOUT -> {
                val exception = Report.timeout(name, options.timeout()!!, outcomes(), stragglers)
                exception.suppress(cleanupErrors());
                { sink.failed(exception) }
            }

            else -> values().let { { sink.succeeded(it) } }
        }
    }

    override fun nameOf(index: Int): String? = works?.get(index)?.name()

    override fun originalOf(index: Int): Int = if (isRepeat(index)) repeats!![index] else index

    private fun copyRepeats() {
        val repeats = repeats ?: return
        for (index in repeats.indices) {
            val original = repeats[index]
            if (original < 0) continue
            val cell = slots.get(original) ?: Cell.NEVER_STARTED
            slots.end(index, cell)
            events?.ended(index, nameOf(index), cell, verdict.stop(), System.nanoTime())
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
        cancelRunning()
    }

    override fun isTerminated(): Boolean = terminated

    override fun isInside(): Boolean {
        if (reader?.isOnThisThread() == true) return true
        if (synchronized(slots) { hookThreads?.contains(Thread.currentThread()) == true }) return true
        val upTo = works?.size ?: source?.taken() ?: 0
        return (0 until upTo).any { (slots.get(it) as? FutureWorker)?.isOnThisThread() == true }
    }

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
                        Cell.STOPPED, Cell.SELF_CANCELLED -> cancelled++
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
        val PROCESSORS = Runtime.getRuntime().availableProcessors()

        val DELIVERED: AtomicIntegerFieldUpdater<FutureRun> =
            AtomicIntegerFieldUpdater.newUpdater(FutureRun::class.java, "delivered")
    }
}

package dev.gather.coroutines.internal

import dev.gather.CancelReason
import dev.gather.FailurePolicy
import dev.gather.GatherOptions
import dev.gather.Limiter.Permit
import dev.gather.spi.BodyContext
import dev.gather.spi.Plan
import dev.gather.spi.Work
import dev.gather.threads.HeldPermits
import java.util.concurrent.Executor
import java.util.concurrent.TimeoutException

/** A gather of blocking bodies and stages, on an executor. */
internal abstract class FutureRun(
    plan: Plan,
    events: Events?,
    source: TaskSource = Inputs.source(plan),
    slots: Slots = Slots(maxOf(source.sizeHint, 0)),
) : Run(
        plan.wanted != Plan.Wanted.VALUES,
        if (plan.wanted == Plan.Wanted.VALUES) plan.options.onFailure() else FailurePolicy.CANCEL_OTHERS,
        plan.options.limit(),
        events,
        source,
        slots,
    ) {
    protected val options: GatherOptions = plan.options
    val bodies: Executor = plan.bodies
    val elastic: Executor = plan.elastic
    private val context: BodyContext? = plan.context

    /** The tasks, where they are all there from the beginning. */
    protected var works: List<Work>? = Inputs.known(plan)
        private set
    private val repeats: IntArray? = Inputs.repeats(plan)
    private val taskDeadlines: TaskDeadlines? = options.taskTimeout()?.let { TaskDeadlines(it, this) }

    /** The thread inside [start]: an executor that runs things inline runs bodies on it. */
    @Volatile private var starter: Thread? = null

    @Volatile private var reader: FutureWorker? = null

    @Volatile private var deadline: Runnable? = null

    @Volatile private var graceTimer: Runnable? = null

    /** Those that are inside a hook; guarded by the slots. */
    private var hookThreads: MutableSet<Thread>? = null

    /** While the stages that were running before are looked at. */
    @Volatile
    protected var awaitsStarted: Boolean = false
        private set

    final override var held: HeldPermits? = HeldPermits.current()
        private set

    init {
        options.limiter()?.let(::limitBy)
        options.stagger()?.takeUnless { it.isZero }?.let { delay ->
            addGate(StaggerGate(this, delay) { after, action -> Timers.schedule(after, elastic, action) })
        }
    }

    // ---- start

    protected fun begin() {
        starter = Thread.currentThread()
        HeldPermits.current()?.let { held = it } // else of whoever has asked for a stream
        limiterGate?.let { it.outer = held?.permitOf(it.limiter) as Permit? }
        openGate()
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
        if (others == 0) {
            (source as ListSource).skipAll()
            inputHasEnded()
        }
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

    private val repeatsByOriginal: Map<Int, List<Int>>? =
        repeats?.withIndex()?.filter { it.value >= 0 }?.groupBy({ it.value }, { it.index })

    override fun repeatsOf(index: Int): List<Int> = repeatsByOriginal?.get(index).orEmpty()

    override fun needsNoWorker(index: Int): Boolean {
        val works = works ?: return false
        return works[index].kind() == Work.Kind.STARTED || isRepeat(index)
    }

    // ---- what Run asks for

    override fun isStopped(): Boolean = verdict.stop() != null

    override fun newWorker(): Worker = FutureWorker(this)

    override fun canCallHelper(): Boolean = true

    /** Only where nobody refuses: a pool with little room would refuse what is sent on trust. */
    override val helpersAtOnce: Int get() = if (bodies === elastic) PROCESSORS else 1

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
        if (grace != null && graceTimer == null && !isDelivered()) {
            graceTimer = Timers.schedule(grace, elastic, ::graceIsOver)
        }
        StackGuard.run(elastic) {
            interruptReading()
            forEachRunning { index, task -> task.cancel(index) }
            returnToken()
        }
    }

    private inline fun forEachRunning(crossinline action: (Int, Cell.Running) -> Unit) {
        val upTo = works?.size ?: source?.taken() ?: return
        slots.forEach(upTo) { cell, index -> if (cell is Cell.Running) action(index, cell) }
    }

    /** What has been cancelled and has not ended is not waited for any longer. */
    protected abstract fun graceIsOver()

    /** Those that are running, in input order. */
    protected fun stragglers(): List<Int> = buildList { forEachRunning { index, _ -> add(index) } }.sorted()

    override fun ended(byWorker: Boolean) {
        deadline?.run()
        graceTimer?.run()
        taskDeadlines?.cancel()
        copyRepeats()
        settleNeverStarted()
        val tell = conclusion()
        dropSource()
        works = null
        if (byWorker && bodies === elastic) {
            tell() // at the bottom of a thread's stack, which a new virtual thread need not remember
        } else {
            onSafeStack(tell)
        }
    }

    /** Nothing is running any more; returns what runs the code of others. */
    protected abstract fun conclusion(): () -> Unit

    protected fun onSafeStack(action: () -> Unit) = StackGuard.run(elastic, action)

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
        val isLate = deadline != null && deadline.end()
        when {
            isLate && (error == null || !isFatal(error)) -> {
                val failure = TimeoutException(Report.taskTimeout(index, work.name(), deadline!!.timeout))
                if (error != null && !isCancellation(error)) failure.addSuppressed(error)
                failed(index, failure, startNanos)
            }
            error != null -> failed(index, error, startNanos)
            else -> succeeded(index, value, startNanos)
        }
    }

    /** Calls a body among the thread locals of the caller, as work that holds the permits of the caller and its own. */
    fun call(
        index: Int,
        work: Work,
    ): Any? {
        val held = held ?: return callWithPermit(index, work)
        return held.call { callWithPermit(index, work) }
    }

    private fun callWithPermit(
        index: Int,
        work: Work,
    ): Any? {
        val permit = limiterGate?.permitOf(index) ?: return callInContext(work)
        return permit.call { callInContext(work) }
    }

    private fun callInContext(work: Work): Any? {
        val restore = context?.install() ?: return work.call()
        try {
            return work.call()
        } finally {
            restore.run()
        }
    }

    /**
     * A stage that was running before has ended, on a thread that is no worker's: it may have opened the
     * gate, or have delivered what workers had left to it.
     */
    fun startedEnded() {
        if (isGated && !awaitsStarted) invite()
    }

    fun callHook(
        index: Int,
        work: Work,
    ) {
        val thread = Thread.currentThread()
        val isOutermost =
            synchronized(slots) { (hookThreads ?: HashSet<Thread>().also { hookThreads = it }).add(thread) }
        try {
            val held = held
            if (held == null) callHookWithPermit(index, work) else held.call { callHookWithPermit(index, work) }
        } catch (e: Throwable) {
            cleanupFailed(index, e)
        } finally {
            if (isOutermost) synchronized(slots) { hookThreads!!.remove(thread) }
        }
    }

    private fun callHookWithPermit(
        index: Int,
        work: Work,
    ) {
        val permit = limiterGate?.permitOf(index)
        if (permit == null) work.onCancel() else permit.call(work::onCancel)
    }

    /** A body that leaves its thread interrupted must not interrupt the next one; a caller's own flag stays. */
    fun clearInterrupt() {
        if (starter !== Thread.currentThread()) Thread.interrupted()
    }

    /** Whether what runs is to be cancelled, and what has just begun with it. */
    fun isCancelling(): Boolean = isStopped() && !isLeaving()

    override fun nameOf(index: Int): String? = works?.getOrNull(index)?.name()

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

    /** Whether the calling thread is running a body or a hook, or reading the input. */
    fun isInside(): Boolean {
        if (reader?.isOnThisThread() == true) return true
        if (synchronized(slots) { hookThreads?.contains(Thread.currentThread()) == true }) return true
        var isBody = false
        forEachRunning { _, task -> isBody = isBody || task is FutureWorker && task.isOnThisThread() }
        return isBody
    }

    private companion object {
        val PROCESSORS = Runtime.getRuntime().availableProcessors()
    }
}

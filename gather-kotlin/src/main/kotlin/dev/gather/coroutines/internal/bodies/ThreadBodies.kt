package dev.gather.coroutines.internal.bodies

import dev.gather.CancelReason
import dev.gather.GatherOptions
import dev.gather.Limiter.Permit
import dev.gather.coroutines.internal.run.Bodies
import dev.gather.coroutines.internal.run.Cell
import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.UserCode
import dev.gather.coroutines.internal.run.Worker
import dev.gather.coroutines.internal.run.isFatal
import dev.gather.spi.CallerContext
import dev.gather.spi.Work
import dev.gather.threads.Clock
import dev.gather.threads.DaemonThreads
import dev.gather.threads.HeldPermits
import dev.gather.threads.Station
import dev.gather.threads.Timer
import java.time.Duration
import java.util.concurrent.ExecutorService

/** Bodies that block a thread, and stages: what the Java door runs. */
internal class ThreadBodies(
    private val options: GatherOptions,
    val context: CallerContext,
    /** What the caller holds of limiters: the bodies and the reading of the input are a part of its work. */
    private val held: HeldPermits?,
    val userCode: UserCode,
    /** What stands for the gather where it is asked who somebody belongs to. */
    val owner: Any,
) : Bodies {
    private val clock = Clock.current()

    /** Where there are suppliers: several threads may make one, and each is as good. */
    private var supplierStation: SupplierStation? = null

    val inside: Station.Parent get() = supplierStation ?: SupplierStation(owner, context).also { supplierStation = it }

    /** Only where a task has one. */
    @Volatile private var deadlines: TaskDeadlines? = null

    @Volatile private var reader: ThreadWorker? = null

    @Volatile private var timer: Runnable? = null

    @Volatile private var graceTimer: Runnable? = null

    /** Of the last cancel. */
    @Volatile private var aftermath: Aftermath? = null

    /** Whether the executor wants its threads back at once. */
    @Volatile
    var isClosed: Boolean = false
        private set

    /** A thread of the executor has been interrupted, and not by the gather. */
    fun disturbed() {
        if ((options.executor() as? ExecutorService)?.isShutdown == true) isClosed = true
    }

    /** Whether what shares a result has it; guarded by this. */
    private var hasRepeats = false

    /** Only where there may be some: where tasks have bounds of their own, and there is a grace. */
    @Volatile
    var stragglers: Stragglers? = null
        private set

    /** The deadline of the whole gather begins. */
    fun startTimeout(run: Run) {
        val timeout = options.timeout() ?: return
        if (timeout.isZero) {
            run.stop(CancelReason.TIMEOUT)
        } else {
            timer = Timer.schedule(nanos(timeout), DaemonThreads.EXECUTOR) { run.stop(CancelReason.TIMEOUT) }
        }
    }

    // ---- Bodies

    override fun newWorker(run: Run): Worker = ThreadWorker(run, this)

    override fun isCancelled(run: Run): Boolean = false

    override fun cancelRunning(run: Run) {
        if (!run.tokens.tryTake()) return // nothing is running
        startGrace(run)
        interruptReading()
        val rest = ArrayList<() -> Unit>()
        forEachRunning(run) { index, task -> task.interrupt(index)?.let(rest::add) }
        callRest(run, rest)
    }

    /** What follows an interrupt, when all have been interrupted; the run gets back a token after it. */
    fun callRest(
        run: Run,
        rest: List<() -> Unit>,
    ) {
        if (rest.isEmpty()) return run.returnToken()
        aftermath = Aftermath(rest, run::returnToken).also { it.start() }
    }

    /**
     * Waits for code of users that a cancel has called; for so long, since somebody's may take its time, and not in a body,
     * which that may be waiting for.
     */
    fun awaitRest(
        run: Run,
        nanos: Long,
    ) {
        val rest = aftermath ?: return
        if (!isOn(Thread.currentThread(), run)) rest.await(nanos)
    }

    private fun startGrace(run: Run) {
        val grace = options.grace() ?: return
        if (graceTimer != null || run.delivery.isDecided()) return
        graceTimer = Timer.schedule(nanos(grace), DaemonThreads.EXECUTOR) { run.delivery.graceIsOver(run) }
    }

    inline fun forEachRunning(
        run: Run,
        crossinline action: (Int, Cell.Running) -> Unit,
    ) {
        val upTo = run.source?.size() ?: return
        run.ledger.slots.forEach(upTo) { cell, index -> if (cell is Cell.Running) action(index, cell) }
    }

    override fun read(
        run: Run,
        worker: Worker,
        action: () -> Any?,
    ): Any? {
        worker as ThreadWorker
        reader = worker
        worker.beginReading()
        try {
            if (run.isStopped()) worker.interruptReading()
            return context.around { if (held == null) action() else held.call(action) }
        } finally {
            reader = null
            worker.endReading()
        }
    }

    override fun interruptReading() {
        reader?.interruptReading()
    }

    override fun ended(run: Run) {
        timer?.run()
        graceTimer?.run()
        deadlines?.cancel()
        settleRepeats(run)
    }

    override fun settleRepeats(run: Run) {
        val source = run.source!!
        if (!source.hasRepeats || synchronized(this) { hasRepeats.also { hasRepeats = true } }) return
        for (index in 0 until source.total) {
            val original = source.originalOf(index)
            if (original != index) run.ledger.repeat(run, index, original)
        }
    }

    override fun callUser(action: () -> Unit) =
        userCode.call { if (held == null) action() else held.call(action) }

    override fun callLater(
        run: Run,
        actions: List<() -> Unit>,
        whenDone: () -> Unit,
    ) {
        if (actions.isEmpty()) return whenDone()
        val hasToken = run.tokens.tryTake()
        val rest = Aftermath(actions) {
            whenDone()
            if (hasToken) run.returnToken()
        }
        if (aftermath == null) aftermath = rest
        Aftermath.beside(rest::start)
    }

    override fun nanos(): Long = System.nanoTime()

    /** Whether this thread runs a body or reads the input. */
    fun isOn(
        thread: Thread,
        run: Run,
    ): Boolean {
        if (reader?.isOn(thread) == true) return true
        if (stragglers?.areOn(thread) == true) return true
        var isBody = false
        forEachRunning(run) { _, task -> isBody = isBody || task.isOn(thread) }
        return isBody
    }

    // ---- one task

    fun startDeadline(
        run: Run,
        index: Int,
        work: Work,
        running: Cell.Running?,
    ): TaskDeadline? {
        if (options.taskTimeout() == null && work.timeout() == null) return null
        val all = deadlines ?: synchronized(this) { deadlines ?: newDeadlines().also { deadlines = it } }
        return all.start(run, index, work.timeout(), running)
    }

    private fun newDeadlines(): TaskDeadlines {
        val grace = options.grace()
        if (grace != null) stragglers = Stragglers()
        return TaskDeadlines(options.taskTimeout(), clock, grace) { run, deadline, work, failure ->
            failed(run, deadline.index, work, failure, deadline.startNanos, null, hasStarted = true)
        }
    }

    /** A task without any time does not even start. */
    fun started(
        run: Run,
        index: Int,
        deadline: TaskDeadline?,
        permit: Permit?,
    ): Long = if (deadline != null && deadline.isOver) System.nanoTime() else run.ledger.started(run, index, permit)

    fun ended(
        run: Run,
        index: Int,
        work: Work,
        value: Any?,
        error: Throwable?,
        startNanos: Long,
        deadline: TaskDeadline?,
        permit: Permit?,
    ) {
        val late = deadline?.end(work.name(), error)
        val failure = late ?: error ?: return run.ledger.succeeded(run, index, value, startNanos, permit)
        failed(run, index, work, failure, startNanos, permit, hasStarted = late == null || !deadline.timeout.isZero)
        run.ledger.undelivered?.drop(run, index, value)
    }

    /** A task has failed, unless it has a value for that. */
    fun failed(
        run: Run,
        index: Int,
        work: Work,
        failure: Throwable,
        startNanos: Long,
        permit: Permit?,
        hasStarted: Boolean,
    ) {
        val isOver = run.isStopped() && !run.ledger.isLeaving()
        if (!work.recovers() || isOver || isFatal(failure)) {
            return run.ledger.failed(run, index, failure, startNanos, permit, hasStarted = hasStarted)
        }
        try {
            val value = call(index, Recovery(work, failure), permit)
            run.ledger.succeeded(run, index, value, startNanos, permit)
        } catch (e: Throwable) {
            run.ledger.failed(run, index, e, startNanos, permit, hasStarted = hasStarted)
        }
    }

    /** Calls a body among the thread locals of the caller, as work that holds the permits of the caller and its own. */
    fun call(
        index: Int,
        work: Work,
        permit: Permit?,
    ): Any? = onNamedThread(bodyName(options.name(), index, work)) {
        if (held == null) callWithPermit(work, permit) else held.call { callWithPermit(work, permit) }
    }

    private fun callWithPermit(
        work: Work,
        permit: Permit?,
    ): Any? = if (permit == null) callInContext(work) else permit.call { callInContext(work) }

    private fun callInContext(work: Work): Any? = context.around { work.call() }

    /** Code of a user that belongs to a task which has been cancelled; what it throws is an error of the cleanup. */
    fun callHook(
        run: Run,
        index: Int,
        permit: Permit?,
        hook: () -> Unit,
    ) {
        try {
            callUser { if (permit == null) hook() else permit.call(hook) }
        } catch (e: Throwable) {
            run.ledger.cleanupFailed(run, index, e)
        }
    }

    companion object {
        /** No more than can be added to the time. */
        fun nanos(duration: Duration): Long = runCatching { duration.toNanos() }.getOrDefault(Long.MAX_VALUE / 4)
    }
}

package dev.gather.coroutines.internal.bodies

import dev.gather.CancelReason
import dev.gather.Limiter
import dev.gather.coroutines.internal.run.Bodies
import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.Worker
import dev.gather.threads.Clock
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.Job
import kotlinx.coroutines.TimeoutCancellationException
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.cancellation.CancellationException
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED
import kotlin.coroutines.intrinsics.createCoroutineUnintercepted
import kotlin.coroutines.jvm.internal.CoroutineStackFrame
import kotlin.coroutines.resume
import kotlin.time.Duration
import kotlin.time.toJavaDuration

/** How a gather of suspending bodies is to run them. */
internal interface SuspendSettings {
    val name: String?
    val timeout: Duration?
    val taskTimeout: Duration?
    val limiter: Limiter?
    val stagger: Duration?
}

/** Bodies that suspend: each in a coroutine of its own, in the context of the caller and under the gather's [job]. */
internal class SuspendingBodies(
    private val settings: SuspendSettings,
    private val body: Body,
    /** Whether somebody wants to know how long tasks take. */
    isTimed: Boolean,
    val context: CoroutineContext,
    /** Whether there is a name, perhaps of a gather further out. */
    hasName: Boolean,
    private val caller: Job?,
    val callerFrame: CoroutineStackFrame?,
) : Bodies {
    val job: Job = context[Job]!!
    val limiter: Limiter? get() = settings.limiter

    val isKnownToThreads = isKnownToThreads(context)
    private val isWatched = Watch.isOn()
    private val surroundings = ThreadSurroundings.of(context)

    /** The time of the scheduler of a test; only asked for where somebody wants to know what time it is. */
    val clock: Clock =
        (if (isTimed || needsClock(settings)) VirtualTime.of(context) else null)?.let { CoroutineClock(context, it) }
            ?: Clock.current()

    val hasOwnTime: Boolean get() = clock is CoroutineClock

    private val deadlines = settings.taskTimeout?.let { TaskDeadlines(it.toJavaDuration(), clock, null, NO_STRAGGLERS) }

    fun startDeadline(
        run: Run,
        index: Int,
    ): TaskDeadline? = deadlines?.start(run, index, null, null)

    @Volatile private var children: Children? = null

    /** The coroutines of its tasks, since the first that was asked for. */
    fun childrenOf(run: Run): Children = children ?: synchronized(this) { children ?: newChildren(run) }

    private fun newChildren(run: Run) =
        Children(run, job, isWatched).also {
            it.listen()
            children = it
        }

    @Volatile private var jobless: CoroutineContext? = null

    /** The context without the job. */
    val elements: CoroutineContext get() = jobless ?: context.minusKey(Job).also { jobless = it }

    @Volatile private var count: Any? = null

    val elementCount: Any get() = count ?: countOf(elements).also { count = it }

    fun countOf(elements: CoroutineContext): Any = ElementCount.of(elements, permits = limiter != null)

    /** Whether a body finds a name in its context that is not the caller's. */
    val isNamed: Boolean get() = settings.name != null

    /** Whether a thread that runs a body is called as that. */
    val namesThreads: Boolean = hasName && isKnownToThreads

    fun coroutineName(
        run: Run,
        index: Int,
    ) = CoroutineName(bodyName(settings.name!!, index, run.nameOf(index)))

    fun start(
        item: Any?,
        worker: SuspendWorker,
    ): Any? = onNamedThread(if (namesThreads) bodyName(worker) else null) { startHere(item, worker) }

    private fun startHere(
        item: Any?,
        worker: SuspendWorker,
    ): Any? {
        if (!isWatched) return body.start(item, worker)
        body.create(item, worker).resume(Unit)
        return COROUTINE_SUSPENDED // the value goes to the worker
    }

    /**
     * A task has ended after it had suspended; on a thread that is good for the next.
     *
     * @param wasMoved but not if its dispatcher had none for it
     */
    fun goOn(
        run: Run,
        index: Int,
        wasMoved: Boolean,
    ) {
        when {
            wasMoved -> run.taskLeft(index)
            surroundings == null -> run.goOn(index)
            else -> surroundings.around(context) { run.goOn(index) }
        }
    }

    /** Runs what is not in a coroutine as if it were in that of the gather. */
    fun around(action: () -> Unit) {
        if (surroundings == null) action() else surroundings.around(context, action)
    }

    // ---- Bodies

    override fun newWorker(run: Run): Worker =
        when {
            surroundings != null -> SurroundedSuspendWorker(run, this, surroundings)
            run.hearsEnds || deadlines != null -> TimedSuspendWorker(run, this)
            else -> SuspendWorker(run, this)
        }

    override fun cancelRunning(run: Run) {
        if (!job.isActive) return
        val gather = if (settings.name == null) "gather" else "gather ${settings.name}"
        job.cancel(CancellationException("$gather: ${reason(run)}"))
    }

    private fun reason(run: Run) =
        when (run.ledger.stop()) {
            CancelReason.OTHER_FAILED -> "another task failed"
            CancelReason.ENOUGH -> "enough others have succeeded"
            CancelReason.TIMEOUT -> "timed out after ${settings.timeout}"
            else -> "cancelled"
        }

    override fun isCancelled(run: Run): Boolean {
        if (job.isActive) return false
        // Once it is over, the way back of the caller may have been refused: that is no end of the run.
        if (!run.tokens.isNone) run.stop(if (isDeadline()) CancelReason.TIMEOUT else CancelReason.GATHER)
        return true
    }

    /** A deadline of somebody further out comes down to this job as the very same exception. */
    private fun isDeadline(): Boolean {
        if (settings.timeout == null) return false
        val cause = job.cancellation() as? TimeoutCancellationException ?: return false
        return caller?.cancellation() !== cause
    }

    /** While the admission is shut there may be nobody who would find out. */
    fun noticeCancellation(run: Run) {
        job.onCancelling { Timely.run(context) { run.isStopped() } }
    }

    override fun read(
        run: Run,
        worker: Worker,
        action: () -> Any?,
    ): Any? = action()

    override fun interruptReading() {}

    override fun ended(run: Run) {
        deadlines?.cancel()
    }

    override fun callUser(action: () -> Unit) = outsideOfBodiesOf(context[Nesting]?.owner).call { around(action) }

    override fun callLater(
        run: Run,
        actions: List<() -> Unit>,
        whenDone: () -> Unit,
    ) {
        actions.forEach { it() }
        whenDone()
    }

    override fun nanos(): Long = clock.nanos()

    private companion object {
        /** A call waits for its tasks as long as they take. */
        val NO_STRAGGLERS = StragglerEnd { _, _, _, _ -> }

        fun needsClock(settings: SuspendSettings) =
            settings.stagger != null || settings.limiter != null || settings.taskTimeout != null
    }
}

/** Tells whether coroutines are watched by a debugger (DebugProbes). */
private object Watch {
    private val nothing: suspend () -> Unit = {}

    /** A coroutine without a context is not recorded; but its context is only looked at where there is a recorder. */
    fun isOn(): Boolean {
        val completion = Completion()
        nothing.createCoroutineUnintercepted(completion)
        return completion.wasAsked
    }

    private class Completion : Continuation<Unit> {
        private var asked = 0

        /** Once by the coroutine itself. */
        val wasAsked: Boolean get() = asked > 1

        override val context: CoroutineContext get() = EmptyCoroutineContext.also { asked++ }

        override fun resumeWith(result: Result<Unit>) {}
    }
}

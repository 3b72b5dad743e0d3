package dev.gather.coroutines.internal

import dev.gather.CancelReason
import dev.gather.FailurePolicy
import dev.gather.GatherException
import dev.gather.Outcome
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater
import kotlin.coroutines.Continuation
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.cancellation.CancellationException
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED
import kotlin.coroutines.intrinsics.intercepted
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlin.coroutines.resume
import kotlin.time.Duration
import kotlin.time.toJavaDuration
import kotlin.time.toKotlinDuration

/**
 * A gather of suspending bodies. They run in the caller's context, under a job of the gather's own.
 *
 * It is also the block of the scope that they run in: a lambda would cost an object, and a copy of it.
 */
internal open class SuspendRun(
    settled: Boolean,
    policy: FailurePolicy,
    limit: Int,
    events: Events?,
    source: TaskSource,
    private val body: Body,
    private val name: String?,
    private val timeout: Duration?,
    private val quorum: Quorum? = null,
    slots: Slots = Slots(maxOf(source.sizeHint, 0)),
) : Run(settled, policy, limit, events, source, slots),
    suspend (CoroutineScope) -> Unit {
    /** Starts the body of one item; returns its value or [COROUTINE_SUSPENDED]. */
    fun interface Body {
        fun start(
            item: Any?,
            worker: SuspendWorker,
        ): Any?
    }

    lateinit var context: CoroutineContext
        private set
    private lateinit var job: Job
    var caller: Job? = null
        private set
    private var depth = 0
    private var deadlineCancelsJob = false
    private var whenEnded: (() -> Unit)? = null

    @Volatile private var hasStarted = false

    /** Null where the dispatcher would run a helper on the spot, or there is no use for one. */
    @Volatile private var helpers: HelperDispatch? = null

    init {
        quorum?.run = this
    }

    /** Null, then the continuation of the call that waits, or [DONE]. */
    @Volatile private var waiter: Any? = null

    /** The deadline, where it takes a timer: one of zero passes in [start]. */
    val timer: Duration? get() = timeout.takeUnless { it == Duration.ZERO }

    /** Whether the tasks have been running before the gather. */
    val runsAlready: Boolean = source.runsAlready

    fun nesting(): Nesting = Nesting(depth, caller, (source as? RunningSource)?.items.orEmpty())

    /** The call comes from inside this context. */
    fun calledIn(context: CoroutineContext) {
        caller = context[Job]
        limiterGate?.let { it.outer = context.heldPermit(it.limiter) }
        depth = context[Nesting]?.let { it.depth + 1 } ?: 0
    }

    /**
     * Whether so many gathers are around this one that it must neither start on their stack nor be
     * cancelled on it: kotlinx.coroutines cancels a tree of jobs recursively.
     */
    val isDeep: Boolean get() = depth % SAFE_DEPTH == SAFE_DEPTH - 1

    /** Runs the tasks in [scope], up to the end of the last. */
    override suspend fun invoke(scope: CoroutineScope) {
        deadlineCancelsJob = timeout != null
        attach(scope.coroutineContext)
        return suspendCoroutineUninterceptedOrReturn { caller ->
            start(onCallersThread = !isDeep)
            await(caller)
        }
    }

    /** Everything runs in this context from now on. */
    fun attach(surroundings: CoroutineContext) {
        context = surroundings + nesting()
        job = surroundings[Job]!!
        if (isGated) noticeCancellation()
        if (!runsAlready) helpers = dispatchFromHere() // waiting needs no thread
    }

    /** While the gate is shut there may be nobody who would find out. */
    @OptIn(InternalCoroutinesApi::class) // there is no other way to hear of it before the job has ended
    private fun noticeCancellation() {
        job.invokeOnCompletion(onCancelling = true, invokeImmediately = true) { cause ->
            if (cause != null) isStopped()
        }
    }

    /** What the body of one task finds around it. */
    fun contextOf(index: Int): CoroutineContext {
        val held = limiterGate?.held(index, context[HeldPermit]) ?: return context
        return context + held
    }

    /** Lets tasks start one after another, so much later unless the one before has failed. */
    fun stagger(delay: Duration) {
        addGate(
            StaggerGate(this, delay.toJavaDuration()) { after, action ->
                val timer =
                    CoroutineScope(context).launch(start = CoroutineStart.UNDISPATCHED) {
                        delay(after.toKotlinDuration())
                        action.run()
                    }
                Runnable { timer.cancel(null) } // its default argument is not on the oldest Kotlin
            },
        )
    }

    /** Starts the tasks; the calling thread is the first worker, unless its stack may be deep already. */
    fun start(onCallersThread: Boolean) {
        hasStarted = true // before a look at the gate
        openGate()
        if (timeout == Duration.ZERO) {
            startTooLate()
        } else if (onCallersThread || helpers == null) {
            permits.tryAcquire()
            drain(newWorker())
        } else {
            bringHelper()
            returnToken()
        }
    }

    /** Without any time only what is done already counts. */
    private fun startTooLate() {
        takeToken()
        permits.tryAcquire()
        if (source!!.mayHaveMore() && !runsAlready) stop(CancelReason.TIMEOUT)
        drain(newWorker())
        if (!isIdle()) stop(CancelReason.TIMEOUT)
        returnToken()
    }

    /** Suspends the caller until the run has ended or been decided early. */
    fun await(caller: Continuation<Unit>): Any =
        if (WAITER.compareAndSet(this, null, caller)) COROUTINE_SUSPENDED else Unit

    private fun wake() {
        @Suppress("UNCHECKED_CAST")
        val caller = WAITER.getAndSet(this, DONE) as? Continuation<Unit>
        caller?.intercepted()?.resume(Unit)
    }

    fun startBody(
        item: Any?,
        worker: SuspendWorker,
    ): Any? = body.start(item, worker)

    fun bodyStarts(index: Int): Long = events?.started(index, nameOf(index)) ?: 0

    // ---- what Run asks for

    override fun newWorker(): Worker = if (events == null) SuspendWorker(this) else TimedSuspendWorker(this)

    override fun isStopped(): Boolean {
        if (verdict.stop() != null) return true
        if (job.isActive) return false
        stop(if (isDeadline()) CancelReason.TIMEOUT else CancelReason.GATHER)
        return true
    }

    /** A deadline of somebody further out comes down to this job as the very same exception. */
    @OptIn(InternalCoroutinesApi::class) // there is no other way to learn why a job was cancelled
    private fun isDeadline(): Boolean {
        if (!deadlineCancelsJob) return false
        val cause = job.getCancellationException()
        if (cause !is TimeoutCancellationException) return false
        val caller = caller
        return caller == null || !caller.isCancelled || caller.getCancellationException() !== cause
    }

    override fun cancelRunning() {
        if (!::job.isInitialized || !job.isActive) return // a deadline of zero passes before there is a job
        job.cancel(CancellationException("gather${name?.let { " $it" } ?: ""}: ${reason()}"))
    }

    private fun reason() =
        when (verdict.stop()) {
            CancelReason.OTHER_FAILED -> "another task failed"
            CancelReason.ENOUGH -> "enough others have succeeded"
            CancelReason.TIMEOUT -> "timed out after $timeout"
            else -> "cancelled"
        }

    override fun dispatchHelper(first: Boolean) = helpers!!.call(first)

    override fun canCallHelper(): Boolean = helpers != null

    override fun mayLeaveHelper(): Boolean = HelperDispatch.mayLeaveHelper()

    override fun helperLeft() {
        helpers?.leaveHelper()
    }

    override fun cedeThread(worker: Worker): Boolean = helpers?.goOn(worker) ?: false

    override fun decidedEarly() = wake()

    override fun isDelivered(): Boolean = waiter === DONE

    override fun invite() {
        if (!hasStarted) return
        // Where the caller is, nothing had to be dispatched; this may be anywhere.
        if (helpers == null && !runsAlready) helpers = dispatchFromHere()
        if (helpers != null) return super.invite()
        if (!tryTakeToken()) return
        if (!permits.tryAcquire()) return returnToken()
        val surroundings = ThreadSurroundings.of(context) ?: return drain(newWorker())
        surroundings.around(context) { drain(newWorker()) }
    }

    /** Null where the dispatcher runs things on the spot. */
    private fun dispatchFromHere(): HelperDispatch? {
        val dispatcher = context[ContinuationInterceptor] as? CoroutineDispatcher ?: return null
        return if (dispatcher.isDispatchNeeded(context)) HelperDispatch(this, dispatcher) else null
    }

    override fun inputIsOver() {
        quorum?.giveUpIfImpossible()
    }

    override fun ended(byWorker: Boolean) {
        quorum?.giveUpIfImpossible()
        settleNeverStarted()
        whenEnded?.invoke()
        wake()
    }

    /** For a run that may outlast its call. */
    fun whenEnded(action: () -> Unit) {
        whenEnded = action
    }

    // ---- the result

    /** What the call returns or throws; [thrown] is what left the scope the tasks ran in. */
    @Suppress("UNCHECKED_CAST") // the values of these tasks, or their outcomes
    fun <R> conclude(thrown: Throwable?): List<R> {
        val caller = caller
        val failure = verdict.failure()
        val stop = verdict.stop()
        when {
            failure != null && (failure.fatal || stop != CancelReason.GATHER) -> throw failed(failure)
            stop == CancelReason.GATHER -> throw cancelled(thrown, failure)
            quorum?.isReached == true -> return quorum.successes() as List<R>
            stop == CancelReason.TIMEOUT && (!settled || quorum != null) ->
                throw Report.timeout(name, timeout!!.toJavaDuration(), outcomes()).apply { suppress(cleanupErrors()) }
        }
        // A coroutine that a body launched into the job of the gather has failed.
        if (thrown != null && thrown !is CancellationException) throw thrown
        if (caller != null && !caller.isActive) throw cancelled(thrown, null)
        return (if (settled) outcomes() else values()) as List<R>
    }

    private fun failed(failure: Verdict.FirstFailure): Throwable {
        val outcomes = outcomes()
        val others = outcomes.mapNotNull { (it as? Outcome.Failure)?.cause } + cleanupErrors()
        // Thrown as it is, the cancellation of one task would look like that of the caller.
        val cause = failure.cause
        val thrown =
            if (cause is CancellationException) {
                Report.failure(name, failure, outcomes, missing = quorum?.missing(outcomes.size))
            } else {
                cause
            }
        thrown.suppress(if (thrown is GatherException) others - cause else others)
        return thrown
    }

    @OptIn(InternalCoroutinesApi::class)
    private fun cancelled(
        thrown: Throwable?,
        failure: Verdict.FirstFailure?,
    ): Throwable {
        val caller = caller
        if (thrown != null && thrown !is CancellationException) return thrown
        val refusal = thrown?.cause
        if (caller?.isActive != false && refusal is RejectedExecutionException) return refusal
        val cancellation = thrown ?: caller?.getCancellationException() ?: CancellationException("gather cancelled")
        val others = listOfNotNull(failure?.cause) + cleanupErrors()
        if (others.isEmpty()) return cancellation
        // The original belongs to everybody it cancelled, so the errors go to one of our own.
        val own = CancellationException(cancellation.message)
        own.initCause(cancellation)
        own.suppress(others)
        return own
    }

    private companion object {
        /** So many nested gathers may start on one stack, and a job tree so deep is cancelled on one. */
        const val SAFE_DEPTH = 24

        val DONE = Any()
        val WAITER: AtomicReferenceFieldUpdater<SuspendRun, Any?> =
            AtomicReferenceFieldUpdater.newUpdater(SuspendRun::class.java, Any::class.java, "waiter")
    }
}

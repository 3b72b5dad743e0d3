package dev.gather.coroutines.internal.door

import dev.gather.CancelReason
import dev.gather.coroutines.internal.bodies.LeftDeferreds
import dev.gather.coroutines.internal.bodies.Nesting
import dev.gather.coroutines.internal.bodies.StandIn
import dev.gather.coroutines.internal.bodies.joinAnyway
import dev.gather.coroutines.internal.delivery.Waiting
import dev.gather.coroutines.internal.run.Run
import kotlinx.coroutines.CompletableJob
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.coroutines.Continuation
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.coroutineContext
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlin.coroutines.resume
import kotlin.time.Duration

/**
 * A gather of the suspend door with one result: makes it a part of the caller, or of the scope that owns it.
 *
 * It is also the block of the scope that its tasks run in: a lambda would cost an object, and a copy of it.
 */
internal class SuspendGather(
    private val parts: GatherParts,
    private val waiting: Waiting,
) : suspend (CoroutineScope) -> Unit {
    private val runsAlready get() = parts.source.runsAlready

    // Of the call: written before anything starts.
    private var around: CoroutineContext? = null
    private var nesting: Nesting? = null

    @Volatile private var run: Run? = null

    /** The deadline, where it takes a timer: one of zero passes at the start. */
    private val timer: Duration? get() = parts.call.timeout.takeUnless { it == Duration.ZERO }

    private val isDeep: Boolean get() = isDeep(nesting!!)

    private fun calledIn(
        context: CoroutineContext,
        isPart: Boolean,
    ) {
        // Whoever is cancelled already starts nothing; but what is running already is cancelled with them.
        if (!runsAlready) context[Job]?.ensureActive()
        around = context
        nesting = Nesting.of(context, parts.awaited, isPart)
    }

    // ---- as a part of the caller

    /** The tasks have ended when this returns or throws, and they are cancelled with the caller. */
    suspend fun <R> execute(): List<R> {
        calledIn(coroutineContext, isPart = true)
        return conclude(
            when {
                runsAlready -> visibly { if (isDeep) runDeep() else caught { within(this) } }
                isDeep -> runDeep()
                timer == null -> caught { supervisorScope(this) } // without the continuation of within
                else -> caught { within(this) }
            },
        )
    }

    /** Runs the tasks in [scope], up to the end of the last. */
    override suspend fun invoke(scope: CoroutineScope): Unit =
        suspendCoroutineUninterceptedOrReturn { caller ->
            val run = assemble(scope.coroutineContext, caller)
            if (isDeep && around!![Job]?.isActive == false) run.stop(CancelReason.GATHER) // the watch may have had none
            start(run, isOnFreshStack = !isDeep)
            waiting.await(caller)
        }

    private fun assemble(
        context: CoroutineContext,
        waiter: Continuation<*>,
    ): Run = parts.assemble(around!!, context, nesting!!, waiter).also { run = it }

    /** The calling thread is the first worker, unless its stack may be deep already. */
    private fun start(
        run: Run,
        isOnFreshStack: Boolean,
    ) {
        when {
            parts.call.timeout == Duration.ZERO -> run.startTooLate()
            isOnFreshStack || runsAlready -> run.start(asWorker = true)
            run.hasOtherThreads -> run.start(asWorker = false)
            else -> elsewhere(around!!) { run.start(asWorker = true) }
        }
    }

    /** Runs [block] while one that looks for a circle of gathers finds out what this one waits for. */
    private inline fun visibly(block: () -> Throwable?): Throwable? {
        val mark = StandIn(around!! + nesting!!)
        return block().also { mark.end() }
    }

    /** Runs the tasks in a scope that is not cancelled with the caller but from beside it. */
    private suspend fun runDeep(): Throwable? {
        val watch = CancellationWatch(coroutineContext, nesting!!) { run?.stop(CancelReason.GATHER) }
        return caught {
            withContext(NonCancellable) {
                nesting!!.root = coroutineContext[Job]
                within(this@SuspendGather)
            }
        }.also { watch.end() }
    }

    /** Runs [block] in a scope of its own; when the deadline passes, the run is stopped. */
    private suspend fun within(block: suspend (CoroutineScope) -> Unit) {
        val deadline = timer
        if (deadline == null) {
            supervisorScope(block)
        } else {
            val inTime = withTimeoutOrNull(deadline) { supervisorScope(block) }
            if (inTime == null && run?.stop(CancelReason.TIMEOUT) == null) parts.ledger.tryStop(CancelReason.TIMEOUT)
        }
    }

    // ---- as a part of another scope

    /**
     * The tasks belong to [owner] and may outlive the call. Returns when the result is decided, which is when the
     * first task fails or the last one ends.
     */
    suspend fun <R> executeIn(owner: CoroutineScope): List<R> {
        val ownerJob = owner.coroutineContext[Job]
        calledIn(coroutineContext, isPart = false)
        if (!runsAlready && ownerJob != null && nesting!!.isAround(ownerJob)) ownerJob.ensureActive()
        // A supervisor: a coroutine that a body launches and that fails must not cancel the owner.
        val job = SupervisorJob(ownerJob)
        val place = owner.coroutineContext[ContinuationInterceptor] ?: lastingDispatcher(coroutineContext)
        return conclude(if (runsAlready) visibly { runApart(ownerJob, job, place) } else runApart(ownerJob, job, place))
    }

    /** What is left runs on when the caller is gone, and so may be the loop of a runBlocking that it ran in. */
    private fun lastingDispatcher(context: CoroutineContext): CoroutineContext {
        val dispatcher = context[ContinuationInterceptor] ?: return Dispatchers.Default
        return if (dispatcher.javaClass.name == LOOP) Dispatchers.Default else dispatcher
    }

    /** Runs the tasks under [job], which is not the caller's and completes when they have ended. */
    private suspend fun runApart(
        ownerJob: Job?,
        job: CompletableJob,
        place: CoroutineContext,
    ): Throwable? {
        val context = coroutineContext.minusKey(Job) + place + job
        waiting.whenEnded(StandIn(job)::end) // bodies mostly are no jobs
        job.complete()
        val thrown =
            caught {
                within { _ ->
                    suspendCancellableCoroutine { caller ->
                        start(assemble(context, caller), isOnFreshStack = false)
                        if (waiting.await(caller) === Unit) caller.resume(Unit)
                    }
                }
            }
        if (thrown != null) run?.stop(CancelReason.GATHER)
        if (!parts.ledger.hasLeft()) {
            job.joinAnyway()
        } else if (runsAlready && !parts.ledger.isHeard) {
            // Nobody will hear how those end that are pending, maybe for ever: this gather does not wait for them.
            if (ownerJob != null) LeftDeferreds.leave(ownerJob, parts.awaited)
            nesting!!.leavesAwaited = true
            job.cancel(null)
        }
        return thrown
    }

    // ---- the result

    /** What is released meanwhile has to know what it is inside of. */
    private fun <R> conclude(thrown: Throwable?): List<R> =
        try {
            Conclusion(parts, waiting.quorum, around!![Job], run).of(thrown)
        } finally {
            nesting!!.end()
        }

    private inline fun caught(block: () -> Unit): Throwable? =
        try {
            block()
            null
        } catch (e: Throwable) {
            e
        }

    private companion object {
        const val LOOP = "kotlinx.coroutines.BlockingEventLoop"
    }
}

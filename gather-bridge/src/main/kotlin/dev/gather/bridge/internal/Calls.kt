package dev.gather.bridge.internal

import dev.gather.coroutines.spi.Coroutines
import dev.gather.threads.DaemonThreads
import dev.gather.threads.HeldPermits
import kotlinx.coroutines.CopyableThreadContextElement
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExecutorCoroutineDispatcher
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentHashMap
import kotlin.coroutines.Continuation
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.cancellation.CancellationException
import kotlin.coroutines.createCoroutine
import kotlin.coroutines.resume
import kotlin.time.Duration
import kotlin.time.TimeSource
import kotlin.time.toJavaDuration

/** All calls of one door: the job that they are children of, and what they run in. */
internal class Calls(
    val name: String,
    context: CoroutineContext,
) {
    /** The parent of each call. */
    val job: Job = SupervisorJob(context[Job])
    val dispatcher: ContinuationInterceptor = context[ContinuationInterceptor] ?: Dispatchers.Default
    private val scope = CoroutineScope(context + dispatcher + job)

    /** What calls have in common, where nothing is copied for each and no debugger counts them; to look costs more than it. */
    private val common: CoroutineContext? =
        scope.coroutineContext
            .takeUnless {
                hasCopies(
                    it,
                ) || scope.contextOfNew(EmptyCoroutineContext) !== it
            }?.minusKey(Job)

    /** Those whose end is being told on another thread: they may be nobody's children any more. */
    val telling: MutableSet<DoorCoroutine<*>> = ConcurrentHashMap.newKeySet()

    val isClosed: Boolean get() = !job.isActive

    /** Of a call, but for its job, which is work of the calling thread, with all that this holds of limiters. */
    fun contextWith(
        surroundings: Surroundings,
        dispatcher: CoroutineDispatcher?,
    ): CoroutineContext {
        var added: CoroutineContext = surroundings
        if (dispatcher != null) added += dispatcher
        HeldPermits.current()?.let { added += Coroutines.holding(it) }
        return if (common == null) scope.contextOfNew(added) else common + added
    }

    /** What the calling thread has is what the call finds. */
    fun surroundings(): Surroundings {
        check(!isClosed) { "$this is closed" }
        return Surroundings(futures.callerContext(), dispatcher)
    }

    /** Whether the calling thread is one of those that calls run on, so that they may wait for it. */
    fun isOnItsDispatcher(): Boolean =
        isVirtual ||
            isOurs(Surroundings.dispatcherHere()) ||
            isShared && isWorkerOfKotlinx() ||
            dispatcher is ExecutorCoroutineDispatcher && Surroundings.hasRunHere(dispatcher) ||
            dispatcher is CoroutineDispatcher && !dispatcher.isDispatchNeeded(scope.coroutineContext) ||
            futures.surroundings().any { it is WaitedFor && isOurs(it.dispatcherOfWaiter) }

    private val isVirtual = Coroutines.isVirtual(scope.coroutineContext)

    /** Whether there are more threads than anybody uses up, and no order among what they run. */
    private val isShared: Boolean get() = dispatcher === Dispatchers.Default || dispatcher === Dispatchers.IO

    /** Whether a call cannot go on while the calling thread waits. */
    private fun mayNeedThisThread(): Boolean =
        when {
            isShared -> false
            dispatcher === Dispatchers.Unconfined -> isInEventLoop()
            else -> isOnItsDispatcher()
        }

    /** Whether this thread has to come back from what it runs before it resumes anything else without a dispatcher. */
    private fun isInEventLoop(): Boolean {
        var isResumed = false
        suspend { isResumed = true }.createCoroutine(Continuation(Dispatchers.Unconfined) {}).resume(Unit)
        return !isResumed
    }

    /** Two dispatchers over one executor are the same. */
    private fun isOurs(other: ContinuationInterceptor?): Boolean = other != null && other == dispatcher

    private fun isWorkerOfKotlinx() = Thread.currentThread().javaClass.name == WORKER

    /** Cancels all that run, and waits for their end: for ever, or so long. */
    fun close(atMost: Duration) {
        // First: what begins after this is cancelled before its body.
        job.cancel(CancellationException("$this was closed"))
        val running = job.children.filterIsInstance<DoorCoroutine<*>>().toSet() + telling // in this order
        // The dependents of one may wait for another, or for whoever is here.
        running.forEach { if (it is FutureCoroutine<*>) DaemonThreads.EXECUTOR.execute(it::cancelByOwner) }
        val ends = running.associateWith { call ->
            CompletableFuture<Void?>().also { call.whenOver { it.complete(null) } }
        }
        if (Coroutines.runVirtual(scope.coroutineContext)) return
        if (mayNeedThisThread()) return
        val begun = TimeSource.Monotonic.markNow()
        for ((call, end) in ends) {
            futures.await(call, end, if (atMost.isFinite()) (atMost - begun.elapsedNow()).toJavaDuration() else null)
        }
    }

    override fun toString() = "JavaDoor[$name]"

    private companion object {
        @OptIn(DelicateCoroutinesApi::class, ExperimentalCoroutinesApi::class)
        fun hasCopies(context: CoroutineContext): Boolean =
            context.fold(false) { hasCopies, element -> hasCopies || element is CopyableThreadContextElement<*> }

        const val WORKER = "kotlinx.coroutines.scheduling.CoroutineScheduler\$Worker"
    }
}

package dev.gather.bridge.internal

import dev.gather.coroutines.spi.Coroutines
import dev.gather.threads.DaemonThreads
import dev.gather.threads.HeldPermits
import kotlinx.coroutines.CopyableThreadContextElement
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
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
    val threads = DoorThreads(dispatcher)
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
        ofWaiter: Inbox?,
    ): CoroutineContext {
        val inbox = ofWaiter ?: Inbox.around(this)
        var added: CoroutineContext = inbox?.dispatcher ?: EmptyCoroutineContext
        HeldPermits.current()?.let { added += Coroutines.holding(it) }
        val context =
            if (common == null) scope.contextOfNew(surroundings + added) else CallContext(common + added, surroundings)
        return if (inbox == null) context else DispatcherInPlace(context, inbox)
    }

    /** What the calling thread has is what the call finds. */
    fun surroundings(): Surroundings {
        check(!isClosed) { "$this is closed" }
        return Surroundings(futures.callerContext(), threads)
    }

    /** Whether the calling thread is one of those that calls run on, so that they may wait for it. */
    fun isOnItsDispatcher(): Boolean =
        isVirtual ||
            threads.areKnownHere(scope.coroutineContext) ||
            futures.surroundings().any { it is WaitedFor && threads.isSame(it.dispatcherOfWaiter) }

    val isVirtual = Coroutines.isVirtual(scope.coroutineContext)

    /** Whether a call cannot go on while the calling thread waits. */
    private fun mayNeedThisThread(): Boolean =
        when {
            threads.areShared -> false
            dispatcher === Dispatchers.Unconfined -> isInEventLoop()
            else -> isOnItsDispatcher()
        }

    /** Whether this thread has to come back from what it runs before it resumes anything else without a dispatcher. */
    private fun isInEventLoop(): Boolean {
        var isResumed = false
        suspend { isResumed = true }.createCoroutine(Continuation(Dispatchers.Unconfined) {}).resume(Unit)
        return !isResumed
    }

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
        if (threads.mayBeHere() && !runsBeside(ends.values, atMost)) return
        for ((call, end) in ends) {
            futures.await(call, end, if (atMost.isFinite()) (atMost - begun.elapsedNow()).toJavaDuration() else null)
        }
    }

    /** Whether the dispatcher runs anything while this thread waits, or there is nothing left to run. */
    private fun runsBeside(
        ends: Collection<CompletableFuture<Void?>>,
        atMost: Duration,
    ): Boolean {
        val hasRun = CompletableFuture<Void?>()
        try {
            suspend { hasRun.complete(null) }.createCoroutine(Continuation(dispatcher) {}).resume(Unit)
        } catch (_: Exception) {
            return true // it refuses, and the calls know of that
        }
        val isMoving = CompletableFuture.anyOf(hasRun, CompletableFuture.allOf(*ends.toTypedArray()))
        futures.await(this, isMoving.thenApply { null }, minOf(atMost, Inbox.PATIENCE).toJavaDuration())
        return isMoving.isDone
    }

    override fun toString() = "JavaDoor[$name]"

    private companion object {
        @OptIn(DelicateCoroutinesApi::class, ExperimentalCoroutinesApi::class)
        fun hasCopies(context: CoroutineContext): Boolean =
            context.fold(false) { hasCopies, element -> hasCopies || element is CopyableThreadContextElement<*> }
    }
}

package dev.gather.bridge.internal

import dev.gather.coroutines.spi.Coroutines
import dev.gather.threads.DaemonThreads
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExecutorCoroutineDispatcher
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.cancellation.CancellationException
import kotlin.time.Duration

/** All calls of one door: the job that they are children of, and what they run in. */
internal class Calls(
    val name: String,
    context: CoroutineContext,
) {
    private val job: Job = SupervisorJob(context[Job])
    val dispatcher: ContinuationInterceptor = context[ContinuationInterceptor] ?: Dispatchers.Default
    private val scope = CoroutineScope(context + dispatcher + job)

    /** Those that have ended, and whose end is being told: they may be nobody's children any more. */
    val telling: MutableSet<DoorCoroutine<*>> = ConcurrentHashMap.newKeySet()

    val isClosed: Boolean get() = !job.isActive

    fun contextWith(elements: CoroutineContext): CoroutineContext = scope.contextOfNew(elements)

    /** What the calling thread has is what the call finds. */
    fun surroundings(): Surroundings {
        check(!isClosed) { "$this is closed" }
        return Surroundings(futures.callerContext(), dispatcher)
    }

    /** Whether the calling thread is one of those that calls run on, so that they may wait for it. */
    fun isOnItsDispatcher(): Boolean =
        isOurs(Surroundings.dispatcherHere()) ||
            futures.surroundings().any { it is WaitedFor && isOurs(it.dispatcherOfWaiter) } ||
            dispatcher is CoroutineDispatcher && !dispatcher.isDispatchNeeded(scope.coroutineContext) ||
            dispatcher is ExecutorCoroutineDispatcher && Surroundings.hasRunHere(dispatcher) ||
            Coroutines.isVirtual(scope.coroutineContext) ||
            isShared && isWorkerOfKotlinx()

    /** Whether there are more threads than anybody uses up, and no order among what they run. */
    private val isShared: Boolean get() = dispatcher === Dispatchers.Default || dispatcher === Dispatchers.IO

    /** Two dispatchers over one executor are the same. */
    private fun isOurs(other: ContinuationInterceptor?): Boolean = other != null && other == dispatcher

    private fun isWorkerOfKotlinx() = Thread.currentThread().javaClass.name == WORKER

    /** Cancels all that run, and waits for their end: for ever, or so long. */
    fun close(atMost: Duration) {
        // First: what begins after this is cancelled before its body.
        job.cancel(CancellationException("$this was closed"))
        val running = job.children.filterIsInstance<DoorCoroutine<*>>().toSet() + telling // in this order
        val awaited = running.filterNot { it.isAroundThread() }
        // The dependents of one may wait for another, or for whoever is here.
        running.forEach { if (it is FutureCoroutine<*>) DaemonThreads.EXECUTOR.execute(it::cancelByOwner) }
        val left = CountDownLatch(awaited.size)
        awaited.forEach { it.whenOver(left::countDown) }
        if (Coroutines.runVirtual(scope.coroutineContext)) return
        if (isShared || !isOnItsDispatcher()) awaitAnyway(left, atMost) // else they may need this very thread
    }

    override fun toString() = "JavaDoor[$name]"

    private companion object {
        const val WORKER = "kotlinx.coroutines.scheduling.CoroutineScheduler\$Worker"
    }
}

/** An interrupt has nothing to add to a cancel: the thread goes on waiting, and has its flag afterwards. */
private fun awaitAnyway(
    latch: CountDownLatch,
    atMost: Duration,
) {
    val deadline = System.nanoTime() + atMost.inWholeNanoseconds.coerceAtMost(Long.MAX_VALUE / 2)
    var isInterrupted = false
    while (true) {
        try {
            latch.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)
            break
        } catch (_: InterruptedException) {
            isInterrupted = true
        }
    }
    if (isInterrupted) Thread.currentThread().interrupt()
}

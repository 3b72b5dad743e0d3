package dev.gather.bridge.internal

import dev.gather.coroutines.spi.Coroutines
import dev.gather.threads.DaemonThreads
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExecutorCoroutineDispatcher
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
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
    private val dispatcher = context[ContinuationInterceptor] ?: Dispatchers.Default
    private val scope = CoroutineScope(context + dispatcher + job)

    val isClosed: Boolean get() = !job.isActive

    fun contextWith(elements: CoroutineContext): CoroutineContext = scope.contextOfNew(elements)

    fun check() = check(!isClosed) { "$this is closed" }

    /** What the calling thread has is what the call finds. */
    fun surroundings(): Surroundings {
        check()
        return Surroundings(futures.callerContext(), dispatcher as? ExecutorCoroutineDispatcher)
    }

    /** Whether the calling thread is one of those that calls run on, so that they may wait for it. */
    fun isOnItsDispatcher(): Boolean {
        val here = Surroundings.contextHere()?.get(ContinuationInterceptor)
        return here === dispatcher ||
            dispatcher is CoroutineDispatcher && !dispatcher.isDispatchNeeded(scope.coroutineContext) ||
            dispatcher is ExecutorCoroutineDispatcher && Surroundings.hasRunHere(dispatcher) ||
            Coroutines.isVirtual(scope.coroutineContext) ||
            (dispatcher === Dispatchers.Default || dispatcher === Dispatchers.IO) && isWorkerOfKotlinx()
    }

    private fun isWorkerOfKotlinx() = Thread.currentThread().javaClass.name == WORKER

    /** Cancels all that run, and waits for their end: for ever, or so long. */
    fun close(atMost: Duration) {
        val running = job.children.toList()
        // The dependents of one may wait for another, or for whoever is here.
        running.forEach { if (it is FutureCoroutine<*>) DaemonThreads.EXECUTOR.execute(it::cancelByOwner) }
        job.cancel(CancellationException("$this was closed"))
        val awaited = running.filterNot { it is DoorCoroutine<*> && it.isAroundThread() }
        val left = CountDownLatch(awaited.size)
        awaited.forEach { call -> call.invokeOnCompletion { left.countDown() } }
        if (!Coroutines.runVirtual(scope.coroutineContext)) awaitAnyway(left, atMost)
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

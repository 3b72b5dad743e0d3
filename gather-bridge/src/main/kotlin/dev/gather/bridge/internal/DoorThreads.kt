package dev.gather.bridge.internal

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExecutorCoroutineDispatcher
import kotlinx.coroutines.MainCoroutineDispatcher
import kotlinx.coroutines.isActive
import java.lang.ref.WeakReference
import java.util.concurrent.ForkJoinWorkerThread
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext

/**
 * The threads of a door's dispatcher, as far as anybody can know them: nothing tells which dispatcher a thread belongs
 * to.
 */
internal class DoorThreads(
    val dispatcher: ContinuationInterceptor,
) {
    private val executor = (dispatcher as? ExecutorCoroutineDispatcher)?.executor

    /** Has run a call of this door, where the dispatcher is over an executor. */
    @Volatile private var member: WeakReference<Thread>? = null

    /** Whether there are more threads than anybody uses up, and no order among what they run. */
    val areShared: Boolean get() = dispatcher === Dispatchers.Default || dispatcher === Dispatchers.IO

    /** The calling thread runs a call in this context. What is cancelled says nothing: others end it, where it is refused. */
    fun noteHere(context: CoroutineContext) {
        if (executor == null) return
        if ((member == null || !hasRunHere()) && context.isActive) {
            LATEST.set(WeakReference(executor))
            member = WeakReference(Thread.currentThread())
        }
    }

    /** Whether the calling thread is known to be one of them. */
    fun areKnownHere(context: CoroutineContext): Boolean =
        isSame(Surroundings.dispatcherHere()) ||
            areShared && Thread.currentThread().javaClass.name == WORKER ||
            executor != null && (hasRunHere() || isOfForkJoinPool()) ||
            dispatcher is CoroutineDispatcher && !dispatcher.isDispatchNeeded(context) ||
            dispatcher is MainCoroutineDispatcher && isMain(dispatcher, context)

    /** Two dispatchers over one executor are the same. */
    fun isSame(other: ContinuationInterceptor?): Boolean = other != null && other == dispatcher

    /**
     * Whether the calling thread, which is not known, may be one of them nevertheless: it runs what some dispatcher or
     * executor has given to it, and it is not just another where one is known.
     */
    fun mayBeHere(): Boolean =
        when {
            areShared || dispatcher === Dispatchers.Unconfined -> false
            executor == null -> isRunning(COROUTINES)
            member?.get()?.isAlive == true -> false
            else -> isRunning(COROUTINES + POOLS)
        }

    private fun hasRunHere() = LATEST.get()?.get() === executor

    private fun isOfForkJoinPool() = (Thread.currentThread() as? ForkJoinWorkerThread)?.pool === executor

    private fun isMain(
        main: MainCoroutineDispatcher,
        context: CoroutineContext,
    ) = try {
        !main.immediate.isDispatchNeeded(context)
    } catch (_: UnsupportedOperationException) {
        false
    }

    private fun isRunning(frames: Set<String>) = StackWalker.getInstance().walk { stack ->
        stack.anyMatch { it.className in frames }
    }

    private companion object {
        /** Of a thread, the executor that has last run a call there; of no class of ours, since the thread may outlive us. */
        val LATEST = ThreadLocal<WeakReference<Any>>()

        const val WORKER = "kotlinx.coroutines.scheduling.CoroutineScheduler\$Worker"
        val COROUTINES =
            setOf("kotlinx.coroutines.DispatchedTask", "kotlinx.coroutines.internal.LimitedDispatcher\$Worker")
        val POOLS =
            setOf("java.util.concurrent.ThreadPoolExecutor\$Worker", "java.util.concurrent.ForkJoinWorkerThread")
    }
}

package dev.gather.bridge.internal

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExecutorCoroutineDispatcher
import kotlinx.coroutines.MainCoroutineDispatcher
import kotlinx.coroutines.isActive
import java.lang.ref.WeakReference
import java.util.concurrent.ForkJoinPool
import java.util.concurrent.ForkJoinWorkerThread
import java.util.concurrent.ThreadPoolExecutor
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext

/**
 * The threads of a door's dispatcher, as far as anybody can know them: nothing tells which dispatcher a thread belongs
 * to.
 */
internal class DoorThreads(
    val dispatcher: ContinuationInterceptor,
) {
    /** Whether there are more threads than anybody uses up, and no order among what they run. */
    val areShared: Boolean get() = dispatcher === Dispatchers.Default || dispatcher === Dispatchers.IO

    private val executor = (dispatcher as? ExecutorCoroutineDispatcher)?.takeUnless { areShared }?.executor

    /**
     * Whether its threads are its own, and not lent by somebody who has other work for them as well, perhaps at the same
     * time: an executor that runs one thing after the other may run them anywhere.
     */
    private val hasOwnThreads =
        executor is ThreadPoolExecutor || executor is ForkJoinPool ||
            executor?.javaClass?.packageName == JDK && executor.javaClass.name !in ANYBODYS

    /** Whether there is always one more, or every thread can be asked whether it is one of them. */
    private val isNeverStuck =
        areShared || dispatcher === Dispatchers.Unconfined || executor is ForkJoinPool ||
            executor?.javaClass?.name == MANY

    /** Has run a call of this door, where that says that there is such a thread. */
    @Volatile private var member: WeakReference<Thread>? = null

    /** The dispatcher has given the calling thread something to run. */
    fun noteHere() {
        if (isNoted()) return
        if (hasOwnThreads) LATEST.set(WeakReference(executor))
        if (!hasMember) member = WeakReference(Thread.currentThread())
    }

    /** The calling thread runs a call in this context. What is cancelled says nothing: others end it, where it is refused. */
    fun noteHere(context: CoroutineContext) {
        if (isNoted()) return
        if (context[ContinuationInterceptor] === dispatcher && context.isActive) noteHere()
    }

    private fun isNoted() = isNeverStuck || hasMember && (!hasOwnThreads || hasRunHere())

    private val hasMember: Boolean get() = member?.get()?.isAlive == true

    private val isMember: Boolean get() = member?.get() === Thread.currentThread()

    private val hasOtherMember: Boolean get() = hasMember && !isMember

    /** Whether the calling thread is known to be one of them. */
    fun areKnownHere(context: CoroutineContext): Boolean =
        isSame(Surroundings.dispatcherHere()) ||
            areShared && Thread.currentThread().javaClass.name == WORKER ||
            hasOwnThreads && (hasRunHere() || isMember || isOfForkJoinPool()) ||
            dispatcher is CoroutineDispatcher && !dispatcher.isDispatchNeeded(context) ||
            dispatcher is MainCoroutineDispatcher && isMain(dispatcher, context)

    /** Two dispatchers over one executor are the same. */
    fun isSame(other: ContinuationInterceptor?): Boolean = other != null && other == dispatcher

    /** Whether a thread may be one of them though it is not known: not where one is known, and it would be another. */
    val mayNotBeKnown: Boolean
        get() =
            when {
                isNeverStuck -> false
                dispatcher is MainCoroutineDispatcher -> immediateOf(dispatcher) == null
                hasOwnThreads -> !hasOtherMember
                else -> true
            }

    /**
     * Whether the calling thread may be such a one. Of some dispatchers the stack tells: it runs what one has given to it.
     * Of others, somebody's own, nothing does: it may, until a call has run on another thread that is still there, and then
     * where the stack does not speak against it.
     */
    fun mayBeHere(): Boolean =
        mayNotBeKnown &&
            when {
                hasOwnThreads -> OnStack.hasPool()
                isViewOf("${Dispatchers.IO}.") -> OnStack.hasView() // of which each has more threads
                isViewOf("${Dispatchers.Default}.") || isNamedView() ->
                    if (hasOtherMember) OnStack.hasView() else OnStack.hasPool()
                executor == null -> !hasOtherMember || OnStack.hasPool()
                else -> !hasOtherMember || OnStack.hasCodeOf(executor)
            }

    private fun isViewOf(start: String) = dispatcher.javaClass.name == VIEW && dispatcher.toString().startsWith(start)

    /** Then nothing tells of what it is one; mostly that is one of kotlinx. */
    private fun isNamedView() =
        dispatcher.javaClass.name.startsWith(INTERNAL) && ".limitedParallelism(" !in dispatcher.toString()

    private fun hasRunHere() = LATEST.get()?.get() === executor

    private fun isOfForkJoinPool() = (Thread.currentThread() as? ForkJoinWorkerThread)?.pool === executor

    private fun isMain(
        main: MainCoroutineDispatcher,
        context: CoroutineContext,
    ) = immediateOf(main)?.isDispatchNeeded(context) == false

    private fun immediateOf(main: MainCoroutineDispatcher) =
        try {
            main.immediate
        } catch (_: UnsupportedOperationException) {
            null
        }

    private companion object {
        /** Of a thread, the executor that has last run a call there; of no class of ours, since the thread may outlive us. */
        val LATEST = ThreadLocal<WeakReference<Any>>()

        const val JDK = "java.util.concurrent"

        /** What the JDK makes of any executor. */
        val ANYBODYS =
            setOf(
                "$JDK.Executors\$DelegatedExecutorService",
                "$JDK.Executors\$DelegatedScheduledExecutorService",
                "$JDK.CompletableFuture\$DelayedExecutor",
            )
        const val MANY = "$JDK.ThreadPerTaskExecutor"

        const val WORKER = "kotlinx.coroutines.scheduling.CoroutineScheduler\$Worker"
        const val INTERNAL = "kotlinx.coroutines.internal."
        const val VIEW = INTERNAL + "LimitedDispatcher"
    }
}

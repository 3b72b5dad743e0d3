package dev.gather.bridge.internal

import dev.gather.future.GatherScope
import dev.gather.spi.Owned
import dev.gather.threads.PartOfTask
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import java.time.Duration
import java.util.concurrent.CompletableFuture
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.cancellation.CancellationException

/** All coroutines that a scope of the Java door owns: its children, so that it ends after them. */
internal class ScopeCoroutines private constructor(
    private val scope: GatherScope,
) : Owned,
    Surroundings.Owner {
    private val job: Job = SupervisorJob()
    private val end = CompletableFuture<Void?>()

    /** None of them has that very context. */
    override val context: CoroutineContext get() = job

    init {
        job.invokeOnCompletion { end.complete(null) }
    }

    /** For coroutines that find what the calling thread has. */
    fun scopeWith(context: CoroutineContext): CoroutineScope {
        val dispatcher = context[ContinuationInterceptor] ?: Dispatchers.Default
        val surroundings = Surroundings(futures.callerContext(), DoorThreads(dispatcher))
        surroundings.owner = this
        return CoroutineScope(context + dispatcher + job + surroundings)
    }

    override fun breakOff(
        context: CoroutineContext,
        error: Throwable,
    ) {
        reportIn(context, error)
        context[Job]!!.cancel(CancellationException("its thread could not be prepared", error))
    }

    override fun cancelByOwner() = job.cancel(CancellationException("the scope was closed: $scope"))

    override fun isIdle(): Boolean = job.children.none()

    override fun isOver(): Boolean = job.isCompleted

    override fun isOn(thread: Thread): Boolean = false

    override fun part(): PartOfTask? = null

    override fun grace(): Duration? = null

    override fun terminatedFuture(): CompletableFuture<Void?> = end

    companion object {
        /** The same each time. */
        fun of(scope: GatherScope) = futures.attached(scope) { ScopeCoroutines(scope) } as ScopeCoroutines
    }
}

package dev.gather.bridge

import dev.gather.Completed
import dev.gather.FailurePolicy
import dev.gather.GatherOptions
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.coroutines.gatherSettled
import dev.gather.coroutines.spi.Coroutines
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.withContext
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage
import kotlin.coroutines.CoroutineContext
import kotlin.time.Duration

/**
 * Awaits stages that are running already and returns their values in the order of the stages.
 *
 * They are the caller's own, see [awaitOwned]: when one fails, or the caller is cancelled, the others get `cancel(true)`,
 * and the call throws when they are done. With [shared] they belong to somebody else, see [awaitShared]: then they are
 * only no longer waited for.
 *
 * **Failure, cancellation, threads and end:** as for [gather][dev.gather.coroutines.gather] of tasks. A stage that somebody else has
 * cancelled has failed, with a [java.util.concurrent.CompletionException] around that.
 *
 * **Options:** as there; but what is running already is bounded by no limit, limiter or stagger.
 *
 * @param shared whether the stages belong to somebody else
 * @param timeout the deadline of the whole gather, counted from the call; not negative
 * @param onFailure what the first failure means for the others
 * @param scope the owner of the waiting that [FailurePolicy.LEAVE_OTHERS] leaves behind; required by that policy
 * @param release what to do with a value that nobody gets
 * @param options all options that are not given by name
 * @return the values, in the order of the stages; unmodifiable, may hold `null`
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here; nothing has been cancelled
 */
@JvmSynthetic
public suspend fun <T> Iterable<CompletionStage<T>>.gather(
    shared: Boolean = false,
    timeout: Duration? = null,
    onFailure: FailurePolicy? = null,
    scope: CoroutineScope? = null,
    release: ((T) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
): List<T> {
    Coroutines.requireOptions(options, timeout, onFailure, scope, settled = false)
    return gathered(shared) {
        it.gather(timeout = timeout, onFailure = onFailure, scope = scope, release = release, options = options)
    }
}

/**
 * Awaits stages that are running already, each to its end, and returns how each has ended, in the order of the stages.
 *
 * **Failure:** that of a stage never fails the call.
 *
 * **Cancellation, end and options:** as for [gather] of stages.
 *
 * @param shared whether the stages belong to somebody else
 * @param timeout the deadline of the whole gather, counted from the call; not negative
 * @param release what to do with a value that nobody gets
 * @param options all options that are not given by name
 * @return the outcomes, in the order of the stages; unmodifiable
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here; nothing has been cancelled
 */
@JvmSynthetic
public suspend fun <T> Iterable<CompletionStage<T>>.gatherSettled(
    shared: Boolean = false,
    timeout: Duration? = null,
    release: ((T) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
): List<Outcome<T>> {
    Coroutines.requireOptions(options, timeout, onFailure = null, scope = null, settled = true)
    return gathered(shared) { it.gatherSettled(timeout = timeout, release = release, options = options) }
}

/**
 * Awaits stages that are running already, and emits how each has ended as it does, with its position.
 *
 * **Collection, cancellation, threads and options:** as for [gatherAsCompleted][dev.gather.coroutines.gatherAsCompleted] of items; who ends the
 * collection early cancels the stages that are left, unless they are [shared]. For limits see [gather] of stages.
 *
 * @param shared whether the stages belong to somebody else
 * @param timeout the deadline of the whole gather, counted from the collection; not negative
 * @param release what to do with a value that nobody gets
 * @param options all options that are not given by name
 * @return a cold flow; each collection awaits the same stages
 * @throws IllegalArgumentException if an option is out of its range or has no meaning here
 */
@JvmSynthetic
public fun <T> Iterable<CompletionStage<T>>.gatherAsCompleted(
    shared: Boolean = false,
    timeout: Duration? = null,
    release: ((T) -> Unit)? = null,
    options: GatherOptions = GatherOptions.defaults(),
): Flow<Completed<T>> {
    val stages = toList()
    val results =
        stages.gatherAsCompleted(timeout = timeout, release = release, options = options.unbounded()) {
            if (shared) it.awaitShared() else it.awaitOwned()
        }
    return if (shared) results else results.endingAll(stages)
}

/** Whoever breaks the collection off, or the deadline, has ended them all, also those that nothing has begun to wait for. */
private fun <T> Flow<Completed<T>>.endingAll(stages: List<CompletionStage<T>>): Flow<Completed<T>> =
    // Not by flow {}, in which a result could be lost on its way.
    object : Flow<Completed<T>> {
        override suspend fun collect(collector: FlowCollector<Completed<T>>) {
            try {
                this@endingAll.collect(collector)
            } finally {
                val left = Waiting<T>(currentCoroutineContext(), shared = false)
                stages.filterNot { it is CompletableFuture<*> && it.isDone }.forEach(left::add)
                left.cancel()
            }
        }
    }

/** Gathers the coroutines that await the stages: where the options are good, or those would be cancelled for nothing. */
private suspend fun <T, R> Iterable<CompletionStage<T>>.gathered(
    shared: Boolean,
    gather: suspend (List<Deferred<T>>) -> R,
): R {
    val waiting = Waiting<T>(currentCoroutineContext(), shared)
    try {
        for (stage in this) {
            waiting.add(stage)
            if (this !is Collection<*>) currentCoroutineContext().ensureActive() // there may be no last
        }
    } catch (e: Throwable) {
        waiting.cancel()
        throw e
    }
    return gather(waiting.all)
}

/**
 * A coroutine for each stage, which awaits it from now on, and through which a cancel goes: also to those that nothing has
 * begun to wait for. Whoever cancels the caller cancels these.
 */
private class Waiting<T>(
    caller: CoroutineContext,
    private val shared: Boolean,
) {
    // What runs in there is short, and the caller's dispatcher may be gone when a stage is left to itself.
    private val scope = CoroutineScope(caller + SupervisorJob() + Dispatchers.Unconfined)
    val all = ArrayList<Deferred<T>>()

    fun add(stage: CompletionStage<T>) {
        all +=
            scope.async(start = CoroutineStart.UNDISPATCHED) {
                if (shared) stage.awaitShared() else stage.awaitOwned()
            }
    }

    /** Returns when they have ended. */
    suspend fun cancel() =
        withContext(NonCancellable) {
            all.forEach { it.cancel(null) } // its default argument is not on the oldest Kotlin
            all.joinAll()
        }
}

/** Nothing of it has to be let start. */
private fun GatherOptions.unbounded(): GatherOptions =
    toBuilder()
        .limit(GatherOptions.UNLIMITED)
        .limiter(null)
        .stagger(null)
        .build()

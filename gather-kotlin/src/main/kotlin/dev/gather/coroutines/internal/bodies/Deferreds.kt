package dev.gather.coroutines.internal.bodies

import dev.gather.coroutines.internal.run.isCancellation
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.cancellation.CancellationException
import kotlin.coroutines.coroutineContext
import kotlin.coroutines.resume
import kotlin.coroutines.suspendCoroutine

/**
 * Awaits a deferred as a task that owns it: when the task is cancelled, so is the deferred, and its end
 * is waited for, unless that in turn waits for ours. `await` would throw a copy of the exception, and
 * leave the deferred running.
 */
@OptIn(ExperimentalCoroutinesApi::class)
internal suspend fun <T> Deferred<T>.awaitOwned(): T {
    try {
        if (!isCompleted) join()
    } catch (cancellation: CancellationException) {
        if (coroutineContext[Nesting]?.leavesAwaited == true) throw cancellation
        cancel(cancellation)
        if (coroutineContext[Nesting]?.isInCircleWith(this) == true) throw cancellation
        joinAnyway()
        // What it threw while it was being cancelled must not be lost, nor what it has returned all the same.
        val thrown = getCompletionExceptionOrNull() ?: return getCompleted()
        throw thrown.takeUnless(::isCancellation) ?: cancellation
    }
    getCompletionExceptionOrNull()?.let { throw it }
    return getCompleted()
}

/**
 * Waits for the end whatever becomes of the caller's own job. Where a dispatcher refuses to resume who waits in
 * `withContext(NonCancellable)` that is cancelled all the same, and would not wait any longer.
 */
internal suspend fun Job.joinAnyway() {
    if (!isCompleted) suspendCoroutine { caller -> invokeOnCompletion { caller.resume(Unit) } }
}

/** A coroutine that awaits itself would not even end when it is cancelled. */
internal fun refuseToAwaitOneself(
    running: List<Deferred<*>>,
    context: CoroutineContext,
) {
    val index = Nesting.of(context, emptyList()).indexOfOneAround(running)
    check(index < 0) { "deferreds[$index] cannot be awaited from inside itself: ${running[index]}" }
}

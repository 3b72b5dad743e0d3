package dev.gather.coroutines.internal

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.withContext
import java.util.Collections
import java.util.IdentityHashMap
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.cancellation.CancellationException
import kotlin.coroutines.coroutineContext

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
        cancel(cancellation)
        if (waitsForUs(coroutineContext[Nesting]?.caller)) throw cancellation
        withContext(NonCancellable) { join() }
        // What it threw while it was being cancelled must not be lost.
        throw getCompletionExceptionOrNull()?.takeUnless(::isCancellation) ?: cancellation
    }
    getCompletionExceptionOrNull()?.let { throw it }
    return getCompleted()
}

/** Whether a gather inside this job awaits, perhaps through others, a coroutine around [ours]. */
private fun Job.waitsForUs(
    ours: Job?,
    seen: MutableSet<Job> = Collections.newSetFromMap(IdentityHashMap(0)),
): Boolean {
    val awaited = (this as? CoroutineScope)
        ?.coroutineContext
        ?.get(Nesting)
        ?.awaited
        .orEmpty()
    if (awaited.any { isAround(it, ours) }) return true
    // A tree without a gather in it needs no memory of where we have been.
    if (awaited.isNotEmpty() && !seen.add(this)) return false
    return awaited.any { it.waitsForUs(ours, seen) } || children.any { it.waitsForUs(ours, seen) }
}

@OptIn(ExperimentalCoroutinesApi::class)
private fun isAround(
    job: Job,
    inner: Job?,
): Boolean = generateSequence(inner) { it.parent }.any { it === job }

/** A coroutine that awaits itself would not even end when it is cancelled. */
@OptIn(ExperimentalCoroutinesApi::class)
internal fun refuseToAwaitOneself(
    running: List<Deferred<*>>,
    context: CoroutineContext,
) {
    var ancestor = context[Job]
    while (ancestor != null) {
        val index = running.indexOfFirst { it === ancestor }
        check(index < 0) { "deferreds[$index] cannot be awaited from inside itself: $ancestor" }
        ancestor = ancestor.parent
    }
}

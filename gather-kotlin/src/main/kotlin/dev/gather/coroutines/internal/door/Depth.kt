package dev.gather.coroutines.internal.door

import dev.gather.coroutines.internal.bodies.Nesting
import dev.gather.coroutines.internal.bodies.StandIn
import dev.gather.coroutines.internal.bodies.onCancelling
import kotlin.coroutines.Continuation
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.resume

// Gathers inside of gathers, where nothing is dispatched, so that each would be started and cancelled on the stack of
// the one around it.

/** So many nested gathers may start on one stack, and a job tree so deep is cancelled on one. */
private const val SAFE_DEPTH = 24

/**
 * Whether so many gathers are around this one that it must neither start on their stack nor be
 * cancelled on it: kotlinx.coroutines cancels a tree of jobs recursively.
 */
internal fun isDeep(nesting: Nesting): Boolean = nesting.depth % SAFE_DEPTH == SAFE_DEPTH - 1

/** Where a dispatcher runs things on the spot it does so one after another, not inside of each other. */
internal fun elsewhere(
    context: CoroutineContext,
    action: () -> Unit,
) {
    val continuation = Continuation<Unit>(context) { action() }
    (context[ContinuationInterceptor]?.interceptContinuation(continuation) ?: continuation).resume(Unit)
}

/**
 * Hears when the caller is cancelled, by a dispatch and so on a fresh stack. To the caller it stands for a tree of jobs
 * that is no part of its own, up to the end of that.
 */
internal class CancellationWatch(
    context: CoroutineContext,
    nesting: Nesting,
    action: () -> Unit,
) {
    @Volatile private var isOver = false

    private val mark = StandIn(context + Nesting.Standing { listOfNotNull(nesting.root) })

    init {
        mark.onCancelling { elsewhere(context) { if (!isOver) action() } }
    }

    /** There is nothing left to cancel. */
    fun end() {
        isOver = true
        mark.end()
    }
}

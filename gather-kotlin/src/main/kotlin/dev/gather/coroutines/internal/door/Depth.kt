package dev.gather.coroutines.internal.door

import dev.gather.coroutines.internal.bodies.Nesting
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.launch
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

/** A coroutine beside that of the caller which hears when that is cancelled, by a dispatch and so on a fresh stack. */
internal class CancellationWatch(
    context: CoroutineContext,
    private val action: () -> Unit,
) {
    private var isOver = false

    private val watch: Job =
        CoroutineScope(context).launch(start = CoroutineStart.UNDISPATCHED) {
            try {
                awaitCancellation()
            } finally {
                if (!isOver) action()
            }
        }

    /** There is nothing left to cancel. */
    fun end() {
        isOver = true
        watch.cancel(null) // default arguments are not on the oldest Kotlin
    }
}

package dev.gather.coroutines.internal

import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Job
import kotlin.coroutines.CoroutineContext

/**
 * What a body finds in its context of the innermost gather around it. Not the run itself: a coroutine
 * that is launched with this context may outlive the gather, and would keep all that was given to it.
 */
internal class Nesting(
    /** How many gathers are around that one. */
    val depth: Int,
    val caller: Job?,
    /** What that one waits for, if it was running before. */
    val awaited: List<Deferred<*>>,
) : CoroutineContext.Element {
    override val key: CoroutineContext.Key<*> get() = Nesting

    companion object Key : CoroutineContext.Key<Nesting>
}

package dev.gather.coroutines.internal

import dev.gather.CancelReason
import kotlinx.coroutines.CompletableJob
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.coroutineContext
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlin.coroutines.resume
import kotlin.coroutines.suspendCoroutine
import kotlin.time.Duration

/** How many gathers are around a body. */
private class Nesting(
    val depth: Int,
) : AbstractCoroutineContextElement(Nesting) {
    companion object Key : CoroutineContext.Key<Nesting>
}

/**
 * So many nested gathers may start on one stack; and a job tree no deeper than this is cancelled on
 * one stack, because kotlinx.coroutines does that recursively.
 */
private const val SAFE_DEPTH = 24

/**
 * Runs a gather as a part of the caller: its tasks have ended when this returns or throws, and they
 * are cancelled with the caller.
 */
internal suspend fun SuspendRun.execute(timeout: Duration?): List<Any?> {
    val caller = coroutineContext[Job]
    refuseIfCancelled(caller)
    val depth = coroutineContext[Nesting]?.depth ?: 0
    val thrown =
        if (depth % SAFE_DEPTH == SAFE_DEPTH - 1) {
            runDeep(timeout, depth, caller)
        } else {
            caught { within(timeout) { runHere(it.coroutineContext + Nesting(depth + 1), caller) } }
        }
    return conclude(thrown, caller)
}

/**
 * Runs a gather whose tasks may outlive the call: they belong to [owner]. Returns when the result is
 * decided, which is when the first task fails or the last one ends.
 */
internal suspend fun SuspendRun.executeIn(
    owner: CoroutineScope,
    timeout: Duration?,
): List<Any?> {
    val caller = coroutineContext[Job]
    refuseIfCancelled(caller)
    val ownerJob = owner.coroutineContext[Job]
    check(ownerJob == null || ownerJob.isActive) { "scope is no longer active: $owner" }
    val depth = coroutineContext[Nesting]?.depth ?: 0
    // A supervisor: a coroutine that a body launches and that fails must not cancel the owner.
    val thrown = runApart(SupervisorJob(ownerJob), timeout, depth)
    return conclude(thrown, caller)
}

/** Whoever is cancelled already starts nothing; but what is running already is cancelled with them. */
private fun SuspendRun.refuseIfCancelled(caller: Job?) {
    if (!runsAlready) caller?.ensureActive()
}

private suspend fun SuspendRun.runHere(
    context: CoroutineContext,
    caller: Job?,
    onCallersThread: Boolean = true,
) {
    attach(context, caller)
    suspendCoroutineUninterceptedOrReturn { waiting ->
        start(onCallersThread)
        await(waiting)
    }
}

/**
 * Runs the tasks in a scope that is not cancelled with the caller but by a coroutine beside it, which
 * comes by a dispatch: so a cancellation starts on a fresh stack here, and so do the tasks.
 */
private suspend fun SuspendRun.runDeep(
    timeout: Duration?,
    depth: Int,
    caller: Job?,
): Throwable? {
    var isOver = false
    val watch =
        CoroutineScope(coroutineContext).launch(start = CoroutineStart.UNDISPATCHED) {
            try {
                awaitCancellation()
            } finally {
                if (!isOver) stop(CancelReason.GATHER)
            }
        }
    return caught {
        withContext(NonCancellable) {
            within(timeout) { runHere(it.coroutineContext + Nesting(depth + 1), caller, onCallersThread = false) }
        }
    }.also {
        isOver = true
        watch.cancel(null)
    }
}

/** Runs the tasks under [job], which is not the caller's and completes when they have ended. */
private suspend fun SuspendRun.runApart(
    job: CompletableJob,
    timeout: Duration?,
    depth: Int,
): Throwable? {
    attach(coroutineContext.minusKey(Job) + job + Nesting(depth + 1), coroutineContext[Job])
    // Tasks are no jobs: a child that takes no notice of a cancel keeps theirs from ending before they have.
    CoroutineScope(job + Dispatchers.Unconfined).launch(start = CoroutineStart.UNDISPATCHED) {
        suspendCoroutine { tasks -> whenEnded { tasks.resume(Unit) } }
    }
    job.complete()
    val thrown =
        caught {
            within(timeout) {
                suspendCancellableCoroutine { caller ->
                    start(onCallersThread = false)
                    if (await(caller) === Unit) caller.resume(Unit)
                }
            }
        }
    if (thrown != null) stop(CancelReason.GATHER)
    val hasLeft = verdict.stop() == CancelReason.OTHER_FAILED && verdict.failure()?.fatal != true
    if (!hasLeft) withContext(NonCancellable) { job.join() }
    return thrown
}

/** Runs [block] in a scope of its own; when the deadline passes, the run is stopped. */
private suspend fun SuspendRun.within(
    timeout: Duration?,
    block: suspend (CoroutineScope) -> Unit,
) {
    if (timeout == null || timeout == Duration.ZERO) { // for the latter see SuspendRun.start
        coroutineScope { block(this) }
    } else {
        val inTime = withTimeoutOrNull(timeout) { block(this) }
        if (inTime == null) stop(CancelReason.TIMEOUT)
    }
}

private inline fun caught(block: () -> Unit): Throwable? =
    try {
        block()
        null
    } catch (e: Throwable) {
        e
    }

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
import kotlin.coroutines.coroutineContext
import kotlin.coroutines.resume
import kotlin.coroutines.suspendCoroutine

/**
 * Runs a gather as a part of the caller: its tasks have ended when this returns or throws, and they
 * are cancelled with the caller.
 */
internal suspend fun <R> SuspendRun.execute(): List<R> {
    refuseIfCancelled(coroutineContext[Job])
    calledIn(coroutineContext)
    return conclude(
        when {
            runsAlready -> visibly { if (isDeep) runDeep() else caught { within(this) } }
            isDeep -> runDeep()
            timer == null -> caught { coroutineScope(this) } // without the continuation of within
            else -> caught { within(this) }
        },
    )
}

/**
 * Runs a gather whose tasks may outlive the call: they belong to [owner]. Returns when the result is
 * decided, which is when the first task fails or the last one ends.
 */
internal suspend fun <R> SuspendRun.executeIn(owner: CoroutineScope): List<R> {
    refuseIfCancelled(coroutineContext[Job])
    val ownerJob = owner.coroutineContext[Job]
    check(ownerJob == null || ownerJob.isActive) { "scope is no longer active: $owner" }
    calledIn(coroutineContext)
    // A supervisor: a coroutine that a body launches and that fails must not cancel the owner.
    val job = SupervisorJob(ownerJob)
    return conclude(if (runsAlready) visibly { runApart(job) } else runApart(job))
}

/** Whoever is cancelled already starts nothing; but what is running already is cancelled with them. */
private fun SuspendRun.refuseIfCancelled(caller: Job?) {
    if (!runsAlready) caller?.ensureActive()
}

/** Runs [block] in a job in whose context the run is found by one that looks for a circle of gathers. */
private suspend fun SuspendRun.visibly(block: suspend () -> Throwable?): Throwable? {
    if (caller?.isActive == false) return block() // there it would not even begin
    var thrown: Throwable? = null
    val own = caught { withContext(nesting()) { thrown = block() } }
    return thrown ?: own
}

/**
 * Runs the tasks in a scope that is not cancelled with the caller but by a coroutine beside it, which
 * comes by a dispatch: so a cancellation starts on a fresh stack here, and so do the tasks.
 */
private suspend fun SuspendRun.runDeep(): Throwable? {
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
        withContext(NonCancellable) { within(this@runDeep) }
    }.also {
        isOver = true
        watch.cancel(null)
    }
}

/** Runs the tasks under [job], which is not the caller's and completes when they have ended. */
private suspend fun SuspendRun.runApart(job: CompletableJob): Throwable? {
    attach(coroutineContext.minusKey(Job) + job)
    // Tasks are no jobs: a child that takes no notice of a cancel keeps theirs from ending before they have.
    CoroutineScope(job + Dispatchers.Unconfined).launch(start = CoroutineStart.UNDISPATCHED) {
        suspendCoroutine { tasks -> whenEnded { tasks.resume(Unit) } }
    }
    job.complete()
    val thrown =
        caught {
            within { _ ->
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
private suspend fun SuspendRun.within(block: suspend (CoroutineScope) -> Unit) {
    val deadline = timer
    if (deadline == null) {
        coroutineScope(block)
    } else {
        val inTime = withTimeoutOrNull(deadline, block)
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

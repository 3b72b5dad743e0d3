package dev.gather.coroutines.internal.door

import dev.gather.coroutines.internal.bodies.Nesting
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlin.coroutines.CoroutineContext

/** The owner of what a first failure leaves running, if it can be that. */
internal fun requireOwner(
    scope: CoroutineScope?,
    caller: CoroutineContext,
): CoroutineScope {
    val owner = requireGiven(scope)
    val job = owner.coroutineContext[Job]
    check(job == null || job.isActive || isCancelledWith(job, caller)) { "scope is no longer active: $owner" }
    return owner
}

internal fun requireGiven(scope: CoroutineScope?): CoroutineScope =
    requireNotNull(scope) {
        "onFailure = LEAVE_OTHERS needs a scope, the owner of what goes on running, but scope was null"
    }

/** Whoever is cancelled with the owner hears of that, and not that it is over. */
private fun isCancelledWith(
    owner: Job,
    caller: CoroutineContext,
) = caller[Job]?.isActive == false || Nesting.of(caller, emptyList(), isPart = false).isAround(owner)

package dev.gather.coroutines.internal.bodies

import dev.gather.Limiter
import dev.gather.Limiter.Permit
import kotlinx.coroutines.Job
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.suspendCancellableCoroutine
import java.util.concurrent.CompletableFuture
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.coroutineContext
import kotlin.coroutines.intrinsics.startCoroutineUninterceptedOrReturn
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlin.coroutines.jvm.internal.CoroutineStackFrame

/** Runs [block] in the caller's context with a permit of this limiter. */
internal suspend fun <T> Limiter.runWithPermit(block: suspend () -> T): T {
    val context = coroutineContext
    context[Job]?.ensureActive()
    val lender = context.heldPermit(this)
    val virtual = VirtualTime.of(context)
    val asked = if (virtual == null) acquire(lender) else CoroutineClock(context, virtual).call { acquire(lender) }
    val permit = asked.awaitPermit()
    try {
        return block.runIn(context, HeldPermit.with(context, this, permit))
    } finally {
        permit.close()
    }
}

/** Whoever is cancelled, before or after the permit is granted, leaves none behind. */
private suspend fun CompletableFuture<Permit>.awaitPermit(): Permit {
    if (isDone) return join()
    return suspendCancellableCoroutine { waiter ->
        waiter.invokeOnCancellation { Timely.run(waiter.context) { cancel(false) } }
        whenComplete { permit: Permit?, _ ->
            if (permit != null) waiter.resume(permit) { _, unwanted, _ -> unwanted.close() }
        }
    }
}

/**
 * Without a job of its own and without the machinery of `withContext`, which would throw a copy of what the
 * block throws, and a cancellation in place of what it returns. Nothing but the permit in the context changes.
 */
private suspend fun <T> (suspend () -> T).runIn(
    context: CoroutineContext,
    held: HeldPermit,
): T = suspendCoroutineUninterceptedOrReturn { caller ->
    held.here { startCoroutineUninterceptedOrReturn(Within(held.within(context), caller)) }
}

private class Within<T>(
    override val context: CoroutineContext,
    private val caller: Continuation<T>,
) : Continuation<T>,
    CoroutineStackFrame {
    override val callerFrame: CoroutineStackFrame? get() = caller as? CoroutineStackFrame

    override fun getStackTraceElement(): StackTraceElement? = null

    override fun resumeWith(result: Result<T>) = caller.resumeWith(result)
}

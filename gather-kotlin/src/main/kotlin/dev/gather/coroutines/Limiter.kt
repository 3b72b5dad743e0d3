package dev.gather.coroutines

import dev.gather.Limiter
import dev.gather.coroutines.internal.bodies.runWithPermit
import dev.gather.coroutines.internal.door.KotlinFloor
import java.util.Objects

/**
 * Calls [block] with a permit of this limiter: suspends until it has one, and gives it back however the block ends.
 *
 * First come, first served, together with everybody else who asks this limiter. The block runs in the caller's
 * coroutine context.
 *
 * **Nesting:** inside the block, and in every coroutine that is launched with its context, the same limiter may be
 * asked again, at any depth: that borrows the permit instead of waiting for a second one; see [Limiter]. So does a
 * call on a thread that is inside [Limiter.call], and blocking code in the block: a thread that runs it is inside of the
 * permit, as it would be in [Limiter.call]. (Where the context has another interceptor than a dispatcher that is so up to
 * the first suspension.)
 *
 * **Failure:** what the block throws is thrown as it is, the same instance.
 *
 * **Cancellation:** cancelling the caller while it waits makes the call throw a
 * [CancellationException][kotlin.coroutines.cancellation.CancellationException]; the block does not run, and no
 * permit is left behind, be it in the very moment in which it was granted. The same if the caller had been cancelled
 * before. Later it is up to the block to notice.
 *
 * ```
 * val backend = Limiter.concurrent(16)
 * val page = backend.withPermit { fetch(url) }
 * ```
 *
 * @param block what to do with the permit
 * @return what the block returns
 */
public suspend fun <T> Limiter.withPermit(block: suspend () -> T): T {
    // The compiler checks no parameter of a suspend function, and what comes from Java may be null.
    Objects.requireNonNull(this, "limiter must not be null")
    Objects.requireNonNull(block, "block must not be null")
    KotlinFloor.check()
    return runWithPermit(block)
}

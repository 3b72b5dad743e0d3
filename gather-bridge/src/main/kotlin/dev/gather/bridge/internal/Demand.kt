package dev.gather.bridge.internal

import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlin.coroutines.resume

/** How many values somebody wants, and who waits to give them: one coroutine. */
internal class Demand {
    private var wanted = 0L // guarded by this
    private var giver: CancellableContinuation<Unit>? = null // guarded by this

    /** So many more; as for [java.util.concurrent.Flow.Subscription.request] the largest number is for ever. */
    fun add(n: Long) {
        val next =
            synchronized(this) {
                wanted = if (wanted > Long.MAX_VALUE - n) Long.MAX_VALUE else wanted + n
                giver.also { if (it != null && take()) giver = null }
            }
        next?.resume(Unit)
    }

    /** Returns when one more is wanted, which counts as given from then on. */
    suspend fun awaitOne() {
        currentCoroutineContext().ensureActive() // a flow may have no other place where it hears of a cancel
        if (synchronized(this) { take() }) return
        suspendCancellableCoroutine { continuation ->
            val isWanted = synchronized(this) { take().also { if (!it) giver = continuation } }
            if (isWanted) continuation.resume(Unit)
        }
    }

    private fun take(): Boolean {
        if (wanted == 0L) return false
        if (wanted != Long.MAX_VALUE) wanted--
        return true
    }
}

package dev.gather.coroutines.internal.admission

import dev.gather.Limiter
import dev.gather.Limiter.Permit
import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.Worker
import dev.gather.threads.Clock
import dev.gather.threads.HeldPermits
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicReference

/**
 * Lets a task start when a limiter, which many runs may share, grants a permit for it, which the worker then has.
 * A run stands in the limiter's queue once at a time, so a large one does not stand before all others, and only
 * while a task waits for nothing else.
 */
internal class LimiterGate(
    private val limiter: Limiter,
    /** What the caller holds of the same limiter, which the tasks may borrow. */
    private val outer: Permit?,
    /** The time where the gather runs, if it is not the system's. */
    private val clock: Clock?,
) : Gate {
    /** The place in the limiter's queue. */
    private val waiting = AtomicReference<CompletableFuture<Permit>?>()

    /** The same, or the last one it was: the permit of a task that is running, if any is. */
    @Volatile private var latest: CompletableFuture<Permit>? = null

    @Volatile private var isClosed = false

    /** Whether there was a permit, and nobody came for it before this was closed. */
    @Volatile private var wasGranted = false

    override fun tryPass(
        run: Run,
        worker: Worker,
    ): Boolean {
        val place = waiting.get() ?: ask(run) ?: return false
        if (!place.isDone || !waiting.compareAndSet(place, null)) return false
        worker.permit = place.join()
        return true
    }

    override fun mayBorrow(run: Run): Boolean = run.source!!.permitOf(limiter) != null

    private fun ask(run: Run): CompletableFuture<Permit>? {
        if (isClosed) return null
        val lender = run.source!!.permitOf(limiter) ?: outer
        val asked = if (clock == null) limiter.acquire(lender) else clock.call { limiter.acquire(lender) }
        latest = asked
        waiting.set(asked)
        if (isClosed) return null.also { leave() } // who closed it may have looked before there was a place to leave
        if (!asked.isDone) asked.whenComplete { permit, _ -> if (permit != null) run.invite() }
        return asked
    }

    override fun isOpen(): Boolean = waiting.get()?.isDone ?: !isClosed

    /**
     * What is asked for in there may borrow the permit that the next task waits for, or the last one has: else it could
     * wait for tasks that wait for this thread.
     */
    override fun asking(action: () -> Any?): Any? {
        val lender = latest ?: return action()
        return HeldPermits.with(limiter, lender, action)
    }

    override val waitsFor: String? get() = if (wasGranted) null else "the limiter"

    override fun close() {
        isClosed = true
        leave()
    }

    private fun leave() {
        val place = waiting.getAndSet(null) ?: return
        if (place.cancel(false)) return
        wasGranted = true
        place.join().close()
    }
}

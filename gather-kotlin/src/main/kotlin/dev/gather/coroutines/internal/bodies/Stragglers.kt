package dev.gather.coroutines.internal.bodies

import dev.gather.Limiter.Permit
import dev.gather.coroutines.internal.run.Cell
import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.isCancellation
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicBoolean

/**
 * What does not stop when its task has run out of time, and is given up after the grace: the task has ended, its place
 * is free, and the gather does not wait for it. It keeps its token, so that the end of all comes after it.
 */
internal class Stragglers {
    private val known = ConcurrentHashMap.newKeySet<Any>()

    /**
     * Gives it up, if it has not stopped. The caller has a token.
     *
     * @param tryAbandon whether it has not; from then on it comes back
     * @param end ends the task
     */
    fun giveUp(
        run: Run,
        index: Int,
        straggler: Any,
        holdsPlace: Boolean,
        tryAbandon: () -> Boolean,
        end: () -> Unit,
    ) {
        known.add(straggler)
        run.tokens.giveUp() // before it can come back
        if (!tryAbandon()) {
            run.tokens.comeBack()
            known.remove(straggler)
            return
        }
        end() // first: it may be that nothing starts after that
        if (holdsPlace && !run.delivery.keepsPlace(index)) run.places.release()
        run.invite()
    }

    /** It has stopped. */
    fun comeBack(
        run: Run,
        index: Int,
        straggler: Any,
        error: Throwable?,
        permit: Permit?,
    ) {
        known.remove(straggler)
        permit?.close()
        if (error != null && !isCancellation(error)) run.ledger.cleanupFailed(run, index, error)
        run.tokens.comeBack()
        run.returnToken()
    }

    /** Whether one of them runs on this thread. */
    fun areOn(thread: Thread): Boolean = known.any { (it as? Cell.Running)?.isOn(thread) == true }
}

/**
 * Code of users that follows the interrupt of one task at its own deadline. The run has not ended before it has returned,
 * but nobody waits for it any more when it is given up.
 */
internal class Following(
    private val run: Run,
    private val code: () -> Unit,
) : AtomicBoolean(), // whether it has returned, or was given up
    () -> Unit {
    /** The caller has taken a token for it. */
    override fun invoke() {
        try {
            code()
        } finally {
            if (getAndSet(true)) run.tokens.comeBack()
            run.returnToken()
        }
    }

    fun giveUp() {
        if (get() || !run.tokens.tryTake()) return
        run.tokens.giveUp() // before it can come back
        if (getAndSet(true)) run.tokens.comeBack()
        run.returnToken()
    }
}

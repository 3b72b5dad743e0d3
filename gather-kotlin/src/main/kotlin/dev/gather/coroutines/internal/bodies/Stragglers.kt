package dev.gather.coroutines.internal.bodies

import dev.gather.Limiter.Permit
import dev.gather.coroutines.internal.run.Cell
import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.isCancellation
import java.util.concurrent.ConcurrentHashMap

/**
 * What does not stop when its task has run out of time, and is given up after the grace: the task has ended, its place
 * is free, and the gather does not wait for it. It keeps its token, so that the end of all comes after it.
 */
internal class Stragglers {
    private val known = ConcurrentHashMap.newKeySet<Any>()

    /** @param end ends the task; the caller has a token */
    fun giveUp(
        run: Run,
        index: Int,
        straggler: Any,
        holdsPlace: Boolean,
        end: () -> Unit,
    ) {
        known.add(straggler)
        run.tokens.giveUp()
        end() // first: it may be that nothing starts after that
        if (holdsPlace && !run.delivery.keepsPlace(index)) run.permits.release()
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

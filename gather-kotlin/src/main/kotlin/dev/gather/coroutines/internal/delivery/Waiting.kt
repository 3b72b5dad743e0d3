package dev.gather.coroutines.internal.delivery

import dev.gather.Outcome
import dev.gather.coroutines.internal.run.Delivery
import dev.gather.coroutines.internal.run.Run
import java.time.Duration
import java.util.concurrent.atomic.AtomicReference
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED
import kotlin.coroutines.intrinsics.intercepted
import kotlin.coroutines.resume

/** One result, for the coroutine that waits for it: null, then its continuation, or [DONE]. */
internal class Waiting(
    val quorum: Quorum?,
) : AtomicReference<Any?>(),
    Delivery {
    private var whenEnded: (() -> Unit)? = null

    /** Suspends the caller until the run has ended or been decided early. */
    fun await(caller: Continuation<Unit>): Any = if (compareAndSet(null, caller)) COROUTINE_SUSPENDED else Unit

    private fun wake() {
        @Suppress("UNCHECKED_CAST")
        val caller = getAndSet(DONE) as? Continuation<Unit>
        caller?.intercepted()?.resume(Unit)
    }

    /** For a run that may outlast its call. */
    fun whenEnded(action: () -> Unit) {
        whenEnded = action
    }

    override fun keepsPlace(index: Int): Boolean = false

    override val hearsEnds: Boolean get() = quorum != null

    override fun count(
        run: Run,
        index: Int,
        name: String?,
        outcome: Outcome<Any?>,
        elapsed: Duration,
    ): Boolean = quorum?.count(run, index, name, outcome, elapsed) ?: false

    override fun handOut(run: Run) {}

    override fun inputIsOver(run: Run): Boolean = quorum?.givesUp(run) ?: false

    override fun decidedEarly(run: Run) = wake()

    override fun isDecided(): Boolean = get() === DONE

    override fun conclude(
        run: Run,
        byWorker: Boolean,
    ) {
        whenEnded?.invoke()
        wake()
    }

    private companion object {
        val DONE = Any()
    }
}

package dev.gather.coroutines.internal.run

import dev.gather.GatherListener
import dev.gather.Limiter.Permit
import dev.gather.Outcome
import java.time.Duration

/** Tells the listener, which cannot harm the run whatever it does. */
internal class Events(
    private val listener: GatherListener,
    private val userCode: UserCode,
) {
    fun started(
        index: Int,
        name: String?,
        permit: Permit?,
    ) = guarded { if (permit == null) listener.onStart(index, name) else permit.call { listener.onStart(index, name) } }

    fun ended(
        run: Run,
        index: Int,
        name: String?,
        outcome: Outcome<Any?>,
        elapsed: Duration,
    ) = guarded { run.asking { listener.onEnd(index, name, outcome, elapsed) } }

    fun dropped(
        run: Run,
        index: Int,
        name: String?,
        error: Throwable,
    ) = guarded { run.asking { listener.onDroppedError(index, name, error) } }

    private inline fun guarded(crossinline event: () -> Unit) {
        try {
            userCode.call { event() }
        } catch (_: Throwable) {
            // A broken listener must not change the outcome, and there is nobody else to tell.
        }
    }
}

/** How code of a user is called that is no body: what a door has to put around it. */
internal fun interface UserCode {
    fun call(action: Runnable)
}

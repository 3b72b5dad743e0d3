package dev.gather.coroutines.internal.bodies

import dev.gather.coroutines.internal.run.Run
import dev.gather.spi.CallerContext
import dev.gather.spi.Release
import dev.gather.threads.DaemonThreads

/**
 * What becomes of a value that comes when the gather does not wait for it any more, perhaps when it is long over: nobody
 * gets it. It keeps nothing of the gather.
 */
internal class LateValue private constructor(
    private val context: CallerContext,
    private val release: Release.Hook,
) {
    fun accept(value: Any) =
        DaemonThreads.EXECUTOR.execute {
            try {
                context.around { release.call(value) }
            } catch (_: Throwable) {
                // there is nobody left to tell
            }
        }

    companion object {
        /** Null where values of this task are not released. */
        fun of(
            run: Run,
            index: Int,
        ): LateValue? {
            val release = run.ledger.undelivered?.releaseOf(index) ?: return null
            return LateValue((run.bodies as ThreadBodies).context, release)
        }
    }
}

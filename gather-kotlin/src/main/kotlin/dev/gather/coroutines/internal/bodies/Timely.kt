package dev.gather.coroutines.internal.bodies

import dev.gather.threads.DaemonThreads
import kotlin.coroutines.CoroutineContext

/**
 * A cancellation may come on the one thread that keeps the time of all coroutines. What it leads to, and may run code
 * of users, goes on elsewhere; but not in virtual time, which nobody but its own thread keeps.
 */
internal object Timely {
    private const val KOTLINX_TIMER = "kotlinx.coroutines.DefaultExecutor"

    fun run(
        context: CoroutineContext,
        action: () -> Unit,
    ) {
        if (isOnTimer(context)) DaemonThreads.EXECUTOR.execute(action) else action()
    }

    fun isOnTimer(context: CoroutineContext): Boolean =
        isTimer(Thread.currentThread()) && VirtualTime.of(context) == null

    /** With debugging on, the name of a coroutine stands behind that of its thread. */
    fun isTimer(thread: Thread) = thread.name.startsWith(KOTLINX_TIMER)
}

package dev.gather.coroutines.internal

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.yield
import java.time.Duration
import java.util.concurrent.Executor
import kotlin.time.toKotlinDuration

/** Runs things later, on an executor: no code of a user ever runs on the thread that keeps the time. */
internal object Timers {
    /** Returns what takes the action back. */
    fun schedule(
        delay: Duration,
        executor: Executor,
        action: Runnable,
    ): Runnable {
        var caller: Thread? = Thread.currentThread()
        val job =
            CoroutineScope(executor.asCoroutineDispatcher()).launch(start = start(delay)) {
                delay(delay.toKotlinDuration())
                // A delay that is over before it could suspend goes on with the caller, who may hold a lock.
                if (caller === Thread.currentThread()) yield()
                action.run()
            }
        caller = null // seen by this thread, which is the only one that asks for it in earnest
        return Runnable { job.cancel(null) } // its default argument is not on the oldest Kotlin
    }

    /** Up to the delay on the caller's thread, which saves a dispatch; but never the action. */
    private fun start(delay: Duration) =
        if (delay.isZero) CoroutineStart.DEFAULT else CoroutineStart.UNDISPATCHED
}

package dev.gather.coroutines.internal

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
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
        val job =
            CoroutineScope(executor.asCoroutineDispatcher()).launch(start = start(delay)) {
                delay(delay.toKotlinDuration())
                action.run()
            }
        return Runnable { job.cancel() }
    }

    /** Up to the delay on the caller's thread, which saves a dispatch; but never the action. */
    private fun start(delay: Duration) =
        if (delay.isZero) CoroutineStart.DEFAULT else CoroutineStart.UNDISPATCHED
}

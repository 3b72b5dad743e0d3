package dev.gather.coroutines.internal.run

import dev.gather.threads.DaemonThreads
import dev.gather.threads.Timer
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.atomic.AtomicBoolean

/**
 * Looks now and then whether the helpers can still come of runs where there may be nobody else: an executor that is shut
 * down may drop them without a word, and then they have been refused. One for all runs: a timer for each would be a
 * third of what a small gather allocates.
 */
internal object Lookout {
    private const val PAUSE = 100_000_000L

    private val runs: MutableSet<Run> = ConcurrentHashMap.newKeySet()
    private val isComing = AtomicBoolean()

    /** Until [leave], or a look finds that no helper is coming. */
    fun watch(run: Run) {
        if (runs.add(run)) comeLater()
    }

    fun leave(run: Run) {
        runs.remove(run)
    }

    private fun comeLater() {
        if (isComing.compareAndSet(false, true)) Timer.schedule(PAUSE, DaemonThreads.EXECUTOR, ::look)
    }

    private fun look() {
        isComing.set(false)
        for (run in runs) {
            val helpers = run.helpers
            if (helpers.isComing() && !helpers.threads.isClosed) continue
            runs.remove(run)
            // Elsewhere: it may be the end of the run, and who hears of that may take their time.
            if (helpers.isComing()) DaemonThreads.EXECUTOR.execute { refuse(run) }
        }
        if (runs.isNotEmpty()) comeLater()
    }

    private fun refuse(run: Run) {
        val refusal = RejectedExecutionException("the executor was shut down, and dropped what was waiting")
        while (run.helpers.isComing()) run.helpers.refused(run, refusal)
    }
}

package dev.gather.coroutines.internal.run

import java.util.concurrent.TimeUnit
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/**
 * Whoever may be about to release values. The end of the run waits for those that have a token, but some come when that is
 * over: who closes a stream waits for them.
 */
internal class ReleasesUnderWay {
    private val lock = ReentrantLock()
    private val none = lock.newCondition()
    private var count = 0 // guarded by the lock

    /** Before a value is taken out of where others would find it. */
    fun begin() = lock.withLock { count++ }

    fun end() = lock.withLock { if (--count == 0) none.signalAll() }

    inline fun <T> around(action: () -> T): T {
        begin()
        try {
            return action()
        } finally {
            end()
        }
    }

    /** Waits until there are none, but no longer than so; the thread keeps its interrupt flag. */
    fun await(nanos: Long) {
        val begun = System.nanoTime()
        var wasInterrupted = false
        lock.withLock {
            while (count > 0) {
                val left = nanos - (System.nanoTime() - begun)
                if (left <= 0) break
                try {
                    none.await(left, TimeUnit.NANOSECONDS)
                } catch (_: InterruptedException) {
                    wasInterrupted = true
                }
            }
        }
        if (wasInterrupted) Thread.currentThread().interrupt()
    }
}

package dev.gather.coroutines.internal.bodies

import dev.gather.threads.DaemonThreads
import dev.gather.threads.StackGuard
import dev.gather.threads.Timer
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

/**
 * Code of users that follows a cancel: hooks, and whatever hangs on the stages that are cancelled. It may take its time,
 * so it runs on threads of our own and not on that of whoever cancels; and none of it waits for another for long: while
 * nothing gets done, more threads come.
 */
internal class Aftermath(
    private val actions: List<() -> Unit>,
    private val whenDone: () -> Unit,
) : Runnable {
    /** The next that nobody has begun. */
    private val next = AtomicInteger()
    private val left = AtomicInteger(actions.size)
    private val isDone = CountDownLatch(1)
    private var threads = 1 // only used by one watch after another

    fun start() {
        if (actions.size > 1) watch(0)
        // What is cancelled by something that is cancelled itself belongs to that: who waits for it sees both.
        if (HERE.get() == true) StackGuard.run(DaemonThreads.EXECUTOR, this) else DaemonThreads.EXECUTOR.execute(this)
    }

    override fun run() = here(true, ::work)

    private fun work() {
        while (true) {
            val index = next.getAndIncrement()
            if (index >= actions.size) return
            try {
                actions[index]()
            } finally {
                if (left.decrementAndGet() == 0) end()
            }
        }
    }

    private fun end() {
        try {
            beside(whenDone) // it may tell others, who are no part of this
        } finally {
            isDone.countDown()
        }
    }

    private fun watch(begunBefore: Int) {
        Timer.schedule(PATIENCE_NANOS, DaemonThreads.EXECUTOR) {
            val begun = next.get()
            if (begun < actions.size) {
                if (begun == begunBefore) {
                    repeat(threads) { DaemonThreads.EXECUTOR.execute(this) }
                    threads *= 2
                }
                watch(begun)
            }
        }
    }

    /** Waits for all of it, but no longer than so; the thread keeps its interrupt flag. */
    fun await(nanos: Long) {
        val begun = System.nanoTime()
        var wasInterrupted = false
        while (true) {
            try {
                isDone.await(nanos - (System.nanoTime() - begun), TimeUnit.NANOSECONDS)
                break
            } catch (_: InterruptedException) {
                wasInterrupted = true
            }
        }
        if (wasInterrupted) Thread.currentThread().interrupt()
    }

    companion object {
        private val HERE = ThreadLocal<Boolean?>()

        /** Runs an action as if the thread did not run anything of the kind: what it cancels does not hold this up. */
        fun beside(action: () -> Unit) = here(null, action)

        private fun here(
            isHere: Boolean?,
            action: () -> Unit,
        ) {
            val before = HERE.get()
            HERE.set(isHere)
            try {
                action()
            } finally {
                if (before == null) HERE.remove() else HERE.set(before)
            }
        }

        private val PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(5)
    }
}

package dev.gather.verification.model

import dev.gather.verification.guarantee.SECONDS
import java.util.concurrent.Executor
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/** Where bodies run, and how to wait until they have done all they can do without something from outside. */
interface Threads : Executor {
    fun settle(isReached: () -> Boolean)

    /** The current thread begins to wait for something from outside. */
    fun waits()

    /** Something from outside has come. */
    fun wake(action: () -> Unit)
}

/** Everything takes its turn on the thread of the test. */
class OneThread : Threads {
    private val turns = ArrayDeque<Runnable>()

    override fun execute(command: Runnable) {
        turns += command
    }

    override fun settle(isReached: () -> Boolean) {
        while (true) (turns.removeFirstOrNull() ?: return).run()
    }

    override fun waits() = error("nothing blocks here")

    override fun wake(action: () -> Unit) = action()
}

/** Real threads; it is quiet when each of them waits for something from outside. */
class ManyThreads :
    Threads,
    AutoCloseable {
    private val pool: ExecutorService = Executors.newCachedThreadPool()
    private val lock = ReentrantLock()
    private val changed = lock.newCondition()
    private var atWork = 0

    override fun execute(command: Runnable) {
        add(1)
        pool.execute {
            try {
                command.run()
            } finally {
                add(-1)
            }
        }
    }

    override fun waits() = add(-1)

    override fun wake(action: () -> Unit) {
        add(1)
        action()
    }

    private fun add(threads: Int) =
        lock.withLock {
            atWork += threads
            changed.signalAll()
        }

    /** Returns when it is quiet; a test that compares finds what is missing then. */
    override fun settle(isReached: () -> Boolean): Unit =
        lock.withLock {
            var left = TimeUnit.SECONDS.toNanos(SECONDS)
            while (atWork != 0 || !isReached()) {
                if (left <= 0) return
                left = changed.awaitNanos(left)
            }
        }

    override fun close() {
        pool.shutdownNow()
    }
}

package dev.gather.verification.model

import java.util.concurrent.Executor
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock
import kotlin.time.Duration

/** Where bodies run, and how to wait until they have done all they can do without something from outside. */
interface Threads : Executor {
    /** Something has been seen that [settle] may be waiting for. */
    fun changed()

    /** Returns when it is quiet and [isReached]; or after a while: a test that compares finds what is missing then. */
    fun settle(
        patience: Duration,
        isReached: () -> Boolean,
    )

    /** The current thread begins to wait for something from outside. */
    fun waits()

    /** Something from outside has come. */
    fun wake(action: () -> Unit)
}

/** Every body takes its turn on the thread of the test; what the engine tells elsewhere is waited for. */
class OneThread : Threads {
    private val turns = LinkedBlockingQueue<Runnable>()

    override fun execute(command: Runnable) {
        turns += command
    }

    override fun changed() = execute {}

    override fun settle(
        patience: Duration,
        isReached: () -> Boolean,
    ) {
        while (true) {
            val turn =
                turns.poll()
                    ?: if (isReached()) {
                        return
                    } else {
                        turns.poll(patience.inWholeMilliseconds, TimeUnit.MILLISECONDS)
                            ?: return
                    }
            turn.run()
        }
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

    override fun changed() = add(0)

    private fun add(threads: Int) =
        lock.withLock {
            atWork += threads
            changed.signalAll()
        }

    override fun settle(
        patience: Duration,
        isReached: () -> Boolean,
    ): Unit =
        lock.withLock {
            var left = patience.inWholeNanoseconds
            while (atWork != 0 || !isReached()) {
                if (left <= 0) return
                left = changed.awaitNanos(left)
            }
        }

    override fun close() {
        pool.shutdownNow()
    }
}

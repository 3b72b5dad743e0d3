package dev.gather.verification.faults

import dev.gather.verification.guarantee.soon
import java.util.concurrent.ArrayBlockingQueue
import java.util.concurrent.BlockingQueue
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executor
import java.util.concurrent.Executors
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.Semaphore
import java.util.concurrent.SynchronousQueue
import java.util.concurrent.ThreadFactory
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread

private val daemons = ThreadFactory { Thread(it, "small pool").apply { isDaemon = true } }

/** As many [threads] and as much [room] in front of them, and a refusal for whatever else comes. */
internal class SmallPool(
    private val threads: Int,
    private val room: Int = 0,
) : Executor,
    AutoCloseable {
    private val queue: BlockingQueue<Runnable> = if (room == 0) SynchronousQueue() else ArrayBlockingQueue(room)
    private val pool = ThreadPoolExecutor(threads, threads, 0, TimeUnit.SECONDS, queue, daemons)

    override fun execute(command: Runnable) = pool.execute(command)

    /** Takes nothing more; what it has, it does. */
    fun shutDown() = pool.shutdown()

    override fun close() {
        pool.shutdownNow()
        check(pool.awaitTermination(PATIENCE, TimeUnit.SECONDS)) { "$this is busy" }
    }

    override fun toString() = if (room == 0) "$threads threads" else "$threads threads and room for $room"
}

/** Lets its caller wait while all of its threads are busy, as a semaphore in front of a fixed pool does. */
internal class BlockingPool(
    private val threads: Int,
) : Executor,
    AutoCloseable {
    private val free = Semaphore(threads)
    private val pool = Executors.newFixedThreadPool(threads, daemons)

    override fun execute(command: Runnable) {
        try {
            free.acquire()
        } catch (e: InterruptedException) {
            Thread.currentThread().interrupt()
            throw RejectedExecutionException("interrupted while it was full", e)
        }
        try {
            pool.execute {
                try {
                    command.run()
                } finally {
                    free.release()
                }
            }
        } catch (e: RejectedExecutionException) {
            free.release()
            throw e
        }
    }

    /** Whoever waits in front of it as well goes away. */
    override fun close() {
        pool.shutdownNow()
        free.release(1_000)
        check(pool.awaitTermination(PATIENCE, TimeUnit.SECONDS)) { "$this is busy" }
    }

    override fun toString() = "$threads threads that callers wait for"
}

/** A thread for each that comes, but for those whose number [isRefused]; the first is number 1. */
internal class Moody(
    private val isRefused: (Int) -> Boolean,
) : Executor {
    private val came = AtomicInteger()

    override fun execute(command: Runnable) {
        if (isRefused(came.incrementAndGet())) throw RejectedExecutionException("not now")
        thread(name = "moody", isDaemon = true) { command.run() }
    }
}

/** Completes stages on threads of its own, in the order in which they were asked for. */
internal class Elsewhere(
    threads: Int = 1,
) : AutoCloseable {
    private val pool = Executors.newFixedThreadPool(threads, daemons)

    fun <T> stage(value: T): CompletableFuture<T> = CompletableFuture.supplyAsync({ value }, pool)

    override fun close() {
        pool.shutdownNow()
        check(pool.awaitTermination(PATIENCE, TimeUnit.SECONDS)) { "stages are still being completed" }
    }
}

/** For a call that cannot be told how long to wait: on a thread of its own, interrupted if it takes too long. */
internal fun <T> inTime(call: () -> T): T {
    val result = CompletableFuture<Result<T>>()
    val caller = thread(name = "in time", isDaemon = true) { result.complete(runCatching(call)) }
    try {
        return result.soon().getOrThrow()
    } catch (e: TimeoutException) {
        val at = caller.stackTrace.joinToString("\n    at ", limit = SHOWN)
        caller.interrupt()
        throw AssertionError("it does not return:\n    at $at", e)
    }
}

private const val SHOWN = 30

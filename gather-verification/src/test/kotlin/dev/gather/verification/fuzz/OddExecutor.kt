package dev.gather.verification.fuzz

import dev.gather.verification.guarantee.SECONDS
import java.util.Random
import java.util.concurrent.BlockingQueue
import java.util.concurrent.Executor
import java.util.concurrent.ExecutorService
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.RejectedExecutionHandler
import java.util.concurrent.Semaphore
import java.util.concurrent.SynchronousQueue
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

/** The kinds of executor that people have. */
enum class Odd(
    /** It takes whatever it is given. */
    val takesAll: Boolean = false,
    /** It refuses only while all its threads are busy, and its queue is full. */
    val refusesWhenFull: Boolean = false,
    /** It refuses although it has room. */
    val moody: Boolean = false,
) {
    INLINE(takesAll = true),
    LONG_QUEUE(takesAll = true),
    CALLER_RUNS(takesAll = true),
    BLOCKS_WHEN_FULL(takesAll = true),
    NO_QUEUE(refusesWhenFull = true),
    SHORT_QUEUE(refusesWhenFull = true),
    REFUSES_NOW_AND_THEN(moody = true),
    SHUT_DOWN(moody = true),
}

/** One of them; what it refuses is counted. */
class OddExecutor(
    private val kind: Odd,
    private val threads: Int,
    private val seed: Long,
) : Executor,
    AutoCloseable {
    private val random = Random(seed)
    private val calls = AtomicInteger()
    private val room = Semaphore(threads)
    private val pool: ExecutorService? = pool()

    private fun pool(): ExecutorService? =
        when (kind) {
            Odd.INLINE -> null
            Odd.CALLER_RUNS -> pool(SynchronousQueue(), ThreadPoolExecutor.CallerRunsPolicy())
            Odd.NO_QUEUE -> pool(SynchronousQueue(), ThreadPoolExecutor.AbortPolicy())
            Odd.SHORT_QUEUE -> pool(LinkedBlockingQueue(1 + random.nextInt(3)), ThreadPoolExecutor.AbortPolicy())
            else -> pool(LinkedBlockingQueue(), ThreadPoolExecutor.AbortPolicy())
        }

    private fun pool(
        queue: BlockingQueue<Runnable>,
        full: RejectedExecutionHandler,
    ) = ThreadPoolExecutor(threads, threads, 0, TimeUnit.SECONDS, queue, full)

    /** At which call it is shut down, or what its moods begin with. */
    private val fate = random.nextInt(12)

    override fun execute(command: Runnable) {
        when (kind) {
            Odd.INLINE -> command.run()
            Odd.BLOCKS_WHEN_FULL -> whenThereIsRoom(command)
            Odd.REFUSES_NOW_AND_THEN -> inAGoodMood(command)
            Odd.SHUT_DOWN -> untilShutDown(command)
            else -> pool!!.execute(command)
        }
    }

    private fun whenThereIsRoom(command: Runnable) {
        room.acquireUninterruptibly()
        pool!!.execute {
            try {
                command.run()
            } finally {
                room.release()
            }
        }
    }

    private fun inAGoodMood(command: Runnable) {
        val call = calls.getAndIncrement()
        if (Random(seed + call).nextInt(4) == 0) throw RejectedExecutionException("in a mood, at call $call")
        pool!!.execute(command)
    }

    private fun untilShutDown(command: Runnable) {
        if (calls.getAndIncrement() == fate) pool!!.shutdown()
        pool!!.execute(command)
    }

    /** When something is wrong already. */
    fun abandon() {
        pool?.shutdownNow()
    }

    /** Waits until its threads are gone. */
    override fun close() {
        if (pool == null) return
        pool.shutdown()
        check(pool.awaitTermination(SECONDS, TimeUnit.SECONDS)) { "threads of the executor are still busy" }
    }
}

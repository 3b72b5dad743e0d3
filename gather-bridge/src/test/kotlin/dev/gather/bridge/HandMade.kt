package dev.gather.bridge

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.ExecutorCoroutineDispatcher
import kotlinx.coroutines.Runnable
import java.util.concurrent.AbstractExecutorService
import java.util.concurrent.Executor
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread
import kotlin.coroutines.CoroutineContext

/** An executor of somebody's own, with one thread, as event loops are. */
internal class Loop :
    Executor,
    AutoCloseable {
    private val queue = LinkedBlockingQueue<Runnable>()
    private val thread =
        thread(isDaemon = true) {
            while (true) {
                val next = queue.take()
                if (next === END) break
                next.run()
            }
        }

    override fun execute(command: Runnable) {
        queue.add(command)
    }

    override fun close() {
        queue.add(END)
        thread.join()
    }

    private companion object {
        val END = Runnable {}
    }
}

/** Runs one after the other, on threads of a pool that has other work as well. */
internal class InTurn :
    Executor,
    AutoCloseable {
    /** It has one thread, unless it is told to [grow]. */
    val pool = ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, LinkedBlockingQueue())
    private val queue = ArrayDeque<Runnable>()
    private var isRunning = false

    @Synchronized
    override fun execute(command: Runnable) {
        queue.add(command)
        if (!isRunning) next()
    }

    @Synchronized
    private fun next() {
        val next = queue.removeFirstOrNull()
        isRunning = next != null
        if (next == null) return
        pool.execute {
            try {
                next.run()
            } finally {
                next()
            }
        }
    }

    /** The pool has two threads from now on. */
    fun grow() {
        pool.maximumPoolSize = 2
        pool.corePoolSize = 2
    }

    /** After what is there already. */
    override fun close() = execute(pool::shutdown)
}

/** A dispatcher over an executor, of which it tells nobody. */
internal class HandMadeDispatcher<E>(
    val executor: E,
) : CoroutineDispatcher(),
    AutoCloseable
    where E : Executor, E : AutoCloseable {
    override fun dispatch(
        context: CoroutineContext,
        block: Runnable,
    ) = executor.execute(block)

    override fun close() = executor.close()
}

/** A [Loop] as a service. */
internal class LoopService : AbstractExecutorService() {
    private val loop = Loop()

    @Volatile private var isShut = false

    override fun execute(command: Runnable) = loop.execute(command)

    override fun shutdown() {
        isShut = true
        loop.close()
    }

    override fun shutdownNow(): List<Runnable> = shutdown().let { emptyList() }

    override fun isShutdown(): Boolean = isShut

    override fun isTerminated(): Boolean = isShut

    override fun awaitTermination(
        timeout: Long,
        unit: TimeUnit,
    ): Boolean = isShut
}

/** A dispatcher closes no executor that is not a service. */
internal fun CoroutineDispatcher.closeWithExecutor() {
    ((this as? ExecutorCoroutineDispatcher)?.executor as? AutoCloseable)?.close()
    (this as? AutoCloseable)?.close()
}

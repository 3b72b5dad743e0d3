package dev.gather.bridge

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.ExecutorCoroutineDispatcher
import kotlinx.coroutines.Runnable
import java.util.concurrent.AbstractExecutorService
import java.util.concurrent.CompletableFuture
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

/** The same, as a dispatcher that is over no executor. */
internal class LoopDispatcher :
    CoroutineDispatcher(),
    AutoCloseable {
    private val loop = Loop()

    override fun dispatch(
        context: CoroutineContext,
        block: Runnable,
    ) = loop.execute(block)

    override fun close() = loop.close()
}

/** Runs one after the other, on threads of a pool that has other work as well. */
internal class InTurn :
    Executor,
    AutoCloseable {
    /** It has one thread. */
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

    /** After what is there already. */
    override fun close() = execute(pool::shutdown)
}

/** The same, as a dispatcher that is over no executor. */
internal class InTurnDispatcher :
    CoroutineDispatcher(),
    AutoCloseable {
    val inTurn = InTurn()

    override fun dispatch(
        context: CoroutineContext,
        block: Runnable,
    ) = inTurn.execute(block)

    override fun close() = inTurn.close()
}

/** A [Loop] as a service. */
internal class LoopService : AbstractExecutorService() {
    private val loop = Loop()
    private val isShut = CompletableFuture<Unit>()

    override fun execute(command: Runnable) = loop.execute(command)

    override fun shutdown() {
        isShut.complete(Unit)
        loop.close()
    }

    override fun shutdownNow(): List<Runnable> = shutdown().let { emptyList() }

    override fun isShutdown(): Boolean = isShut.isDone

    override fun isTerminated(): Boolean = isShut.isDone

    override fun awaitTermination(
        timeout: Long,
        unit: TimeUnit,
    ): Boolean = isShut.isDone
}

/** A dispatcher closes no executor that is not a service. */
internal fun CoroutineDispatcher.closeWithExecutor() {
    ((this as? ExecutorCoroutineDispatcher)?.executor as? AutoCloseable)?.close()
    (this as? AutoCloseable)?.close()
}

package dev.gather.bridge

import java.util.concurrent.CyclicBarrier
import java.util.concurrent.Executors
import java.util.concurrent.Future
import java.util.concurrent.TimeUnit

/** How often two things meet; `-Dgather.stress=N` for N times as often. */
val RACES = 10_000 * Integer.getInteger("gather.stress", 1)

/** Two things at the same time, as well as two threads can. */
class Race : AutoCloseable {
    private val threads = Executors.newCachedThreadPool()
    private val barrier = CyclicBarrier(2)

    /** Returns when both have. */
    operator fun invoke(
        one: () -> Unit,
        another: () -> Unit,
    ) {
        val there =
            threads.submit {
                barrier.await(SECONDS, TimeUnit.SECONDS)
                another()
            }
        barrier.await(SECONDS, TimeUnit.SECONDS)
        one()
        there.soon()
    }

    /** On another thread, from now on. */
    fun <T> beside(action: () -> T): Future<T> = threads.submit(action)

    override fun close() = threads.shutdown()
}

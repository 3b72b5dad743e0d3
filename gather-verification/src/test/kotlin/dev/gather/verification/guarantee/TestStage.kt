package dev.gather.verification.guarantee

import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.TimeUnit

/** A stage that remembers how it was cancelled; if [stubborn], it says that it will end, and takes its time. */
class TestStage<T>(
    private val stubborn: Boolean = false,
) : CompletableFuture<T>() {
    /** The argument of each call of cancel. */
    val cancels = ConcurrentLinkedQueue<Boolean>()

    override fun cancel(mayInterruptIfRunning: Boolean): Boolean {
        cancels.add(mayInterruptIfRunning)
        return if (stubborn) true else super.cancel(mayInterruptIfRunning)
    }
}

/** Waits, without sleeping, until something depends on each of the stages: the gather has got hold of them. */
fun awaitDependents(
    vararg stages: CompletableFuture<*>,
    atLeast: Int = 1,
) {
    val end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS)
    for (stage in stages) {
        while (stage.numberOfDependents < atLeast) {
            check(System.nanoTime() < end) { "nobody waits for $stage" }
            Thread.onSpinWait()
        }
    }
}

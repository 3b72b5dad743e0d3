package dev.gather.verification.guarantee

import java.util.concurrent.atomic.AtomicInteger

/** Counts how many are inside at the same time. */
class Gauge {
    private val inside = AtomicInteger()
    private val most = AtomicInteger()
    private val gone = AtomicInteger()

    val max: Int get() = most.get()
    val exited: Int get() = gone.get()

    fun enter() {
        val now = inside.incrementAndGet()
        most.accumulateAndGet(now, ::maxOf)
    }

    fun exit() {
        inside.decrementAndGet()
        gone.incrementAndGet()
    }
}

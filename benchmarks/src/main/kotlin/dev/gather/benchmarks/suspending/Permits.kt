package dev.gather.benchmarks.suspending

import dev.gather.Limiter
import dev.gather.benchmarks.workloads.Item
import dev.gather.coroutines.gather
import dev.gather.coroutines.withPermit
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.sync.withPermit

/** A body for every item, each with a permit that is shared with others perhaps: all at the same time, or one after another. */
class Permits(
    private val items: List<Item>,
    limit: Int,
    private val rounds: Int,
    private val body: Body,
) {
    private val limiter = Limiter.concurrent(limit)
    private val semaphore = Semaphore(limit)

    fun gather(): List<Item> = inCoroutine(rounds) { items.gather(limiter = limiter) { body.call(it) } }

    fun gatherWithPermit(): List<Item> =
        inCoroutine(rounds) { items.gather { limiter.withPermit { body.call(it) } } }

    fun rawSemaphore(): List<Item> =
        inCoroutine(rounds) {
            coroutineScope { items.map { async { semaphore.withPermit { body.call(it) } } }.awaitAll() }
        }

    fun oneByOne(): List<Item> = inCoroutine(rounds) { items.map { limiter.withPermit { body.call(it) } } }

    fun oneByOneSemaphore(): List<Item> =
        inCoroutine(rounds) { items.map { semaphore.withPermit { body.call(it) } } }
}

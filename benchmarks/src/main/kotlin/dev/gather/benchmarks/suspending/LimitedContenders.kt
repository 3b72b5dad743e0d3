package dev.gather.benchmarks.suspending

import arrow.fx.coroutines.parMap
import dev.gather.benchmarks.workloads.Item
import dev.gather.coroutines.gather
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.sync.withPermit

/** Runs a body for every item, no more than [limit] at the same time, the way each library says. */
class LimitedContenders(
    private val body: Body,
    private val limit: Int,
    private val rounds: Int,
) {
    fun gather(items: List<Item>): List<Item> = inCoroutine(rounds) { items.gather(limit = limit) { body.call(it) } }

    fun rawSemaphore(items: List<Item>): List<Item> =
        inCoroutine(rounds) {
            val permits = Semaphore(limit)
            coroutineScope { items.map { async { permits.withPermit { body.call(it) } } }.awaitAll() }
        }

    fun arrow(items: List<Item>): List<Item> =
        inCoroutine(rounds) { items.parMap(concurrency = limit) { body.call(it) } }

    fun flow(items: List<Item>): List<Item> =
        inCoroutine(rounds) { items.mergedInOrder(concurrency = limit) { body.call(it) } }
}

package dev.gather.benchmarks.suspending

import arrow.fx.coroutines.parMap
import dev.gather.benchmarks.workloads.Item
import dev.gather.coroutines.gather
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope

/** Runs a body for every item, all at the same time, the way each library says. */
class Contenders(
    private val body: Body,
    private val rounds: Int,
) {
    fun gather(items: List<Item>): List<Item> = inCoroutine(rounds) { items.gather { body.call(it) } }

    fun raw(items: List<Item>): List<Item> =
        inCoroutine(rounds) {
            coroutineScope { items.map { async { body.call(it) } }.awaitAll() }
        }

    fun arrow(items: List<Item>): List<Item> = inCoroutine(rounds) { items.parMap { body.call(it) } }

    fun flow(items: List<Item>): List<Item> =
        inCoroutine(rounds) {
            items.mergedInOrder(concurrency = items.size) { body.call(it) }
        }
}

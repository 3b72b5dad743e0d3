package dev.gather.benchmarks.suspending

import arrow.fx.coroutines.parMap
import dev.gather.benchmarks.workloads.Item
import dev.gather.coroutines.gather
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope

/** Who can run a body for every item, all at the same time; the way each says. */
enum class Contender {
    GATHER {
        override suspend fun run(items: List<Item>, body: Body): List<Item> = items.gather { body.call(it) }
    },
    RAW {
        override suspend fun run(items: List<Item>, body: Body): List<Item> =
            coroutineScope { items.map { async { body.call(it) } }.awaitAll() }
    },
    ARROW {
        override suspend fun run(items: List<Item>, body: Body): List<Item> = items.parMap { body.call(it) }
    },
    FLOW {
        override suspend fun run(items: List<Item>, body: Body): List<Item> =
            items.mergedInOrder(concurrency = items.size) { body.call(it) }
    }, ;

    abstract suspend fun run(items: List<Item>, body: Body): List<Item>
}

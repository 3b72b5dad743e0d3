package dev.gather.benchmarks.suspending

import arrow.fx.coroutines.parMap
import dev.gather.benchmarks.workloads.Item
import dev.gather.coroutines.gather
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.sync.withPermit

/** Who can run a body for every item, some at the same time; the way each says. */
enum class LimitedContender {
    GATHER {
        override suspend fun run(items: Iterable<Item>, limit: Int, body: Body): List<Item> =
            items.gather(limit = limit) { body.call(it) }
    },
    RAW_SEMAPHORE {
        override suspend fun run(items: Iterable<Item>, limit: Int, body: Body): List<Item> {
            val permits = Semaphore(limit)
            return coroutineScope { items.map { async { permits.withPermit { body.call(it) } } }.awaitAll() }
        }
    },
    ARROW {
        override suspend fun run(items: Iterable<Item>, limit: Int, body: Body): List<Item> =
            items.parMap(concurrency = limit) { body.call(it) }
    },
    FLOW {
        override suspend fun run(items: Iterable<Item>, limit: Int, body: Body): List<Item> =
            items.mergedInOrder(limit) { body.call(it) }
    }, ;

    abstract suspend fun run(items: Iterable<Item>, limit: Int, body: Body): List<Item>
}

package dev.gather.benchmarks.suspending

import arrow.fx.coroutines.parMap
import dev.gather.benchmarks.workloads.Item
import dev.gather.benchmarks.workloads.Work
import dev.gather.coroutines.gather
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.yield

/**
 * What a task does, and how each contender does it for every item, all at the same time: each the way it says.
 * It is called from a lambda of the contender, as a user's code would call a function.
 */
interface Body {
    suspend fun call(item: Item): Item

    suspend fun gather(items: List<Item>): List<Item> = items.gather { call(it) }

    suspend fun raw(items: List<Item>): List<Item> = coroutineScope { items.map { async { call(it) } }.awaitAll() }

    suspend fun arrow(items: List<Item>): List<Item> = items.parMap { call(it) }

    suspend fun flow(items: List<Item>): List<Item> = items.mergedInOrder(concurrency = items.size) { call(it) }
}

class Shortly : Body {
    override suspend fun call(item: Item): Item = Work.shortly(item)
}

class Computing(
    private val micros: Int,
) : Body {
    override suspend fun call(item: Item): Item = Work.forMicros(micros, item)
}

/** Stands in the lambda itself, as [Pausing] does: a suspended function between them would be a part of what is measured. */
class Yielding : Body {
    override suspend fun call(item: Item): Item {
        yield()
        return item
    }

    override suspend fun gather(items: List<Item>): List<Item> =
        items.gather {
            yield()
            it
        }

    override suspend fun raw(items: List<Item>): List<Item> =
        coroutineScope {
            items
                .map {
                    async {
                        yield()
                        it
                    }
                }.awaitAll()
        }

    override suspend fun arrow(items: List<Item>): List<Item> =
        items.parMap {
            yield()
            it
        }

    override suspend fun flow(items: List<Item>): List<Item> =
        items.mergedInOrder(concurrency = items.size) {
            yield()
            it
        }
}

class Pausing(
    private val millis: Long,
) : Body {
    override suspend fun call(item: Item): Item {
        delay(millis)
        return item
    }

    override suspend fun gather(items: List<Item>): List<Item> =
        items.gather {
            delay(millis)
            it
        }

    override suspend fun raw(items: List<Item>): List<Item> =
        coroutineScope {
            items
                .map {
                    async {
                        delay(millis)
                        it
                    }
                }.awaitAll()
        }

    override suspend fun arrow(items: List<Item>): List<Item> =
        items.parMap {
            delay(millis)
            it
        }

    override suspend fun flow(items: List<Item>): List<Item> =
        items.mergedInOrder(concurrency = items.size) {
            delay(millis)
            it
        }
}

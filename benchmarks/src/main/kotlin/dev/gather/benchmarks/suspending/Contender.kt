package dev.gather.benchmarks.suspending

import dev.gather.benchmarks.workloads.Item

/** Who can run a body for every item, all at the same time. */
enum class Contender {
    GATHER {
        override suspend fun run(items: List<Item>, body: Body): List<Item> = body.gather(items)
    },
    RAW {
        override suspend fun run(items: List<Item>, body: Body): List<Item> = body.raw(items)
    },
    ARROW {
        override suspend fun run(items: List<Item>, body: Body): List<Item> = body.arrow(items)
    },
    FLOW {
        override suspend fun run(items: List<Item>, body: Body): List<Item> = body.flow(items)
    }, ;

    abstract suspend fun run(items: List<Item>, body: Body): List<Item>
}

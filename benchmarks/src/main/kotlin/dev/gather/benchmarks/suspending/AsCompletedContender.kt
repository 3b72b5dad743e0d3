package dev.gather.benchmarks.suspending

import dev.gather.benchmarks.workloads.Arrivals
import dev.gather.benchmarks.workloads.Item
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAsCompleted
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.channelFlow
import kotlinx.coroutines.flow.flatMapMerge
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Semaphore

/** Who can run a body for every item, some at the same time, and hand out the results one by one. */
@OptIn(ExperimentalCoroutinesApi::class)
enum class AsCompletedContender {
    GATHER {
        override fun results(items: List<Item>, limit: Int, body: Body): Flow<Item> =
            items.gatherAsCompleted(limit) { body.call(it) }.map { it.getOrThrow() }
    },

    /** The results in the order of the items. */
    GATHER_FLOW {
        override fun results(items: List<Item>, limit: Int, body: Body): Flow<Item> =
            items.asFlow().gather(limit) { body.call(it) }
    },

    /** A permit is held until the result is taken. */
    CHANNEL_FLOW {
        override fun results(items: List<Item>, limit: Int, body: Body): Flow<Item> =
            channelFlow {
                val permits = Semaphore(limit)
                for (item in items) {
                    permits.acquire()
                    launch {
                        try {
                            send(body.call(item))
                        } finally {
                            permits.release()
                        }
                    }
                }
            }
    },
    FLOW {
        override fun results(items: List<Item>, limit: Int, body: Body): Flow<Item> =
            items.asFlow().flatMapMerge(limit) { flow { emit(body.call(it)) } }
    }, ;

    abstract fun results(items: List<Item>, limit: Int, body: Body): Flow<Item>

    suspend fun take(items: List<Item>, limit: Int, body: Body): List<Item> {
        val arrivals = Arrivals(items.size)
        results(items, limit, body).collect { arrivals.add(it) }
        return arrivals.inOrder()
    }
}

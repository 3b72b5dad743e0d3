package dev.gather.benchmarks.suspending

import dev.gather.benchmarks.workloads.Item
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking

/** A contender that keeps the default dispatcher busy, and a coroutine of somebody else beside it. */
class Load(
    contender: Contender,
    items: List<Item>,
    body: Body,
) : AutoCloseable {
    private val job =
        CoroutineScope(Dispatchers.Default).launch {
            while (isActive) {
                contender.run(items, body)
            }
        }

    override fun close() = runBlocking { job.cancelAndJoin() }

    companion object {
        /** Returns when another coroutine has had its turn. */
        @JvmStatic
        fun beat(): Long = runBlocking(Dispatchers.Default) { System.nanoTime() }
    }
}

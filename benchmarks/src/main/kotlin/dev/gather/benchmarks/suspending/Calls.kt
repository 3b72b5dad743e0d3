package dev.gather.benchmarks.suspending

import dev.gather.benchmarks.workloads.Item
import dev.gather.bridge.JavaDoor
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.future.future
import java.util.concurrent.CompletableFuture

/** A suspend function that Java calls: each call is a future of its own. */
class Calls(
    private val items: List<Item>,
) : AutoCloseable {
    private val door = JavaDoor("benchmark")
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)

    fun door(): List<Item> = joined { item -> door.future { called(item) } }

    fun scope(): List<Item> = joined { item -> scope.future { called(item) } }

    private inline fun joined(call: (Item) -> CompletableFuture<Item>): List<Item> = items.map(call).map { it.join() }

    private suspend fun called(item: Item): Item = Shortly().call(item)

    override fun close() {
        door.close()
        scope.cancel()
    }
}

package dev.gather.benchmarks.suspending

import dev.gather.benchmarks.workloads.EmbeddedServer
import dev.gather.benchmarks.workloads.Item
import kotlinx.coroutines.future.await

class Requesting(
    private val server: EmbeddedServer,
) : Body {
    override suspend fun call(item: Item): Item = EmbeddedServer.item(server.send(item).await())
}

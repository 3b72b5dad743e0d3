package dev.gather.bridge.seen

import dev.gather.bridge.JavaDoor
import dev.gather.future.GatherFuture
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.flowOf
import java.util.concurrent.Flow.Publisher

/** Shows nothing of what it is made of. */
class Clean : AutoCloseable {
    private val java = JavaDoor("clean")

    fun find(id: String): GatherFuture<List<String>> = java.future { slowly(id) }

    fun all(): Publisher<String> = java.publisher { flowOf("a") }

    fun limit(): Int = LIMIT

    private suspend fun slowly(id: String): List<String> {
        delay(1)
        return listOf(id)
    }

    override fun close() = java.close()

    private companion object {
        @JvmField
        val LIMIT = listOf(1).size
    }
}

data class Point(
    val x: Int,
    val y: Int,
)

enum class Color { RED, GREEN }

sealed class Change(
    val version: Int,
) {
    class Added(
        version: Int,
    ) : Change(version)
}

/** Not a companion, whatever its name is. */
class Shop {
    object Factory {
        @JvmStatic
        fun open(): Shop = Shop()
    }
}

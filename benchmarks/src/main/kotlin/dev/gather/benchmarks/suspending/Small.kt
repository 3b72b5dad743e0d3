package dev.gather.benchmarks.suspending

import arrow.fx.coroutines.parZip
import dev.gather.benchmarks.workloads.Item
import dev.gather.coroutines.gather
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope

/** Three bodies, written out as for a few things of different types. */
class Small(
    private val items: List<Item>,
    private val rounds: Int,
    private val body: Body,
) {
    fun gather(): List<Item> =
        inCoroutine(rounds) {
            gather({ body.call(items[0]) }, { body.call(items[1]) }, { body.call(items[2]) })
        }

    fun gatherTyped(): List<Item> =
        inCoroutine(rounds) {
            gather({ body.call(items[0]) }, { body.call(items[1]) }, { body.call(items[2]) }) { a, b, c ->
                listOf(a, b, c)
            }
        }

    fun raw(): List<Item> =
        inCoroutine(rounds) {
            coroutineScope {
                awaitAll(
                    async { body.call(items[0]) },
                    async { body.call(items[1]) },
                    async { body.call(items[2]) },
                )
            }
        }

    fun arrow(): List<Item> =
        inCoroutine(rounds) {
            parZip({ body.call(items[0]) }, { body.call(items[1]) }, { body.call(items[2]) }) { a, b, c ->
                listOf(a, b, c)
            }
        }
}

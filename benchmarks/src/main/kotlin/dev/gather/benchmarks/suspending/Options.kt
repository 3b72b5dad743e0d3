package dev.gather.benchmarks.suspending

import dev.gather.benchmarks.workloads.CountingListener
import dev.gather.benchmarks.workloads.Item
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherOptions
import kotlin.time.Duration.Companion.hours

/** Gather with one option more each. */
class Options(
    private val items: List<Item>,
    private val rounds: Int,
    private val body: Body,
) {
    fun plain(): List<Item> = inCoroutine(rounds) { items.gather { body.call(it) } }

    fun listener(listener: CountingListener): List<Item> =
        inCoroutine(rounds) { items.gather(options = gatherOptions(listener = listener)) { body.call(it) } }

    fun taskTimeout(): List<Item> = inCoroutine(rounds) { items.gather(taskTimeout = 1.hours) { body.call(it) } }

    fun names(): List<Item> = inCoroutine(rounds) {
        items.gather(options = gatherOptions(name = "items")) { body.call(it) }
    }
}

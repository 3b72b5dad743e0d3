@file:JvmName("Coroutines")

package dev.gather.benchmarks.suspending

import dev.gather.benchmarks.workloads.Item
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking

fun run(contender: Contender, items: List<Item>, body: Body, rounds: Int): List<Item> =
    inCoroutine(rounds) { contender.run(items, body) }

fun run(contender: LimitedContender, items: Iterable<Item>, limit: Int, body: Body, rounds: Int): List<Item> =
    inCoroutine(rounds) { contender.run(items, limit, body) }

fun run(contender: AsCompletedContender, items: List<Item>, limit: Int, body: Body, rounds: Int): List<Item> =
    inCoroutine(rounds) { contender.take(items, limit, body) }

/** Calls the contender in a coroutine on the default dispatcher, some [rounds] one after another. */
internal inline fun <T> inCoroutine(rounds: Int, crossinline contender: suspend () -> T): T =
    runBlocking(Dispatchers.Default) {
        repeat(rounds - 1) { contender() }
        contender()
    }

package dev.gather.benchmarks.suspending

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking

/** Calls [contender] in a coroutine on the default dispatcher, some [rounds] one after another. */
internal inline fun <T> inCoroutine(rounds: Int, crossinline contender: suspend () -> T): T =
    runBlocking(Dispatchers.Default) {
        repeat(rounds - 1) { contender() }
        contender()
    }

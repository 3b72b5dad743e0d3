@file:JvmName("Heartbeat")

package dev.gather.benchmarks.suspending

import dev.gather.benchmarks.workloads.Item
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.locks.LockSupport

private const val PERIOD_NANOS = 10_000_000L

/** How long coroutines of somebody else wait for their turn while a contender runs one big gather beside them. */
fun waitsBeside(contender: Contender, items: List<Item>, body: Body): DoubleArray = waits { contender.run(items, body) }

/** The same beside nothing. */
fun waitsAlone(millis: Long): DoubleArray = waits { delay(millis) }

/**
 * Starts a coroutine every 10 ms until [load] is over. Nobody waits for one of them before the next is started:
 * else a single long wait would hide all the others that there would have been meanwhile.
 */
private fun waits(load: suspend () -> Unit): DoubleArray {
    val scope = CoroutineScope(Dispatchers.Default)
    val waits = ConcurrentLinkedQueue<Double>()
    val beats = mutableListOf<Job>()
    val running = scope.async { load() }
    var due = System.nanoTime()
    do {
        val sent = System.nanoTime()
        beats += scope.launch { waits += (System.nanoTime() - sent).toDouble() }
        due += PERIOD_NANOS
        LockSupport.parkNanos(due - System.nanoTime())
    } while (running.isActive)
    runBlocking {
        beats.joinAll()
        running.await()
    }
    return waits.toDoubleArray()
}

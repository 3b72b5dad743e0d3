package dev.gather.benchmarks.suspending

import dev.gather.benchmarks.workloads.Item
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.util.concurrent.atomic.AtomicInteger

/** A contender with all of its tasks suspended until they are cancelled; one of them can be made to fail. */
class Suspended(
    private val contender: Contender,
    private val items: List<Item>,
) : Body {
    private val started = AtomicInteger()
    private val ended = AtomicInteger()
    private val allStarted = CompletableDeferred<Unit>()
    private val order = CompletableDeferred<Unit>()
    private val job: Job =
        CoroutineScope(Dispatchers.Default).launch {
            try {
                contender.run(items, this@Suspended)
            } catch (_: Ordered) {
                // as fail() wants it
            }
        }

    /** How many tasks have ended. */
    val endedTasks: Int get() = ended.get()

    fun awaitStart() = runBlocking { allStarted.await() }

    fun cancel() = runBlocking { job.cancelAndJoin() }

    fun fail() =
        runBlocking {
            order.complete(Unit)
            job.join()
        }

    override suspend fun call(item: Item): Item =
        try {
            if (started.incrementAndGet() == items.size) {
                allStarted.complete(Unit)
            }
            if (item.index == items.size / 2) {
                order.await()
                throw Ordered()
            }
            awaitCancellation()
        } finally {
            ended.incrementAndGet()
        }

    private class Ordered : Exception()
}

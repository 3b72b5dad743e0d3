package dev.gather.verification.memory

import dev.gather.GatherListener
import dev.gather.verification.guarantee.SECONDS
import io.kotest.matchers.collections.shouldBeEmpty
import java.lang.ref.ReferenceQueue
import java.lang.ref.WeakReference
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.TimeUnit

/** Objects that must be garbage at the end of a test, by name. */
internal class Tracked {
    private class Named(
        val name: String,
        referent: Any,
        queue: ReferenceQueue<Any>,
    ) : WeakReference<Any>(referent, queue)

    private val queue = ReferenceQueue<Any>()
    private val references = ConcurrentLinkedQueue<Named>()

    fun <T : Any> track(
        name: String,
        referent: T,
    ): T = referent.also { references.add(Named(name, it, queue)) }

    /** What has just ended may still be on the stack of its thread, so the collector gets more than one try. */
    fun shouldBeGarbage() {
        check(references.isNotEmpty()) { "nothing is tracked" }
        val end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS)
        do {
            System.gc()
            while (true) queue.remove(1) ?: break
        } while (held().isNotEmpty() && System.nanoTime() - end < 0)
        held().shouldBeEmpty()
    }

    private fun held() = references.filter { it.get() != null }.mapTo(sortedSetOf()) { it.name }
}

internal class Boom : Exception("boom")

internal class Listener : GatherListener

internal class Items(
    private val items: List<Any>,
) : Iterable<Any> {
    override fun iterator() = items.iterator()
}

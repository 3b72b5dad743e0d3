package dev.gather.coroutines.internal.bodies

import dev.gather.threads.Station
import java.util.concurrent.CompletableFuture

/** The gathers that one body has started, and that have not ended: its task ends after them. */
internal class Parts {
    // All guarded by this; no code of a user runs inside.
    private val running = LinkedHashSet<Station.Part>(2)
    private var isCancelled = false
    private var end: End? = null

    /** @param isOver whether the task has been cancelled already; asked when it would find this part */
    fun adopt(
        part: Station.Part,
        isOver: () -> Boolean,
    ): Runnable {
        synchronized(this) { running.add(part) }
        if (isOver()) cancel()
        val isLate = synchronized(this) { isCancelled }
        if (isLate) part.cancelByOwner()
        return Runnable { ended(part) }
    }

    private fun ended(part: Station.Part) {
        val last = synchronized(this) { end.takeIf { running.remove(part) && running.isEmpty() } }
        last?.complete()
    }

    fun cancel() = cancelThose { true }

    private fun cancelThose(which: (Station.Part) -> Boolean) {
        val those =
            synchronized(this) {
                if (running.all(which)) isCancelled = true
                running.filter(which)
            }
        Aftermath.beside {
            when (those.size) {
                0 -> Unit
                1 -> those[0].cancelByOwner()
                else -> Aftermath(those.map { it::cancelByOwner }) {}.start() // dependents may wait for each other
            }
        }
    }

    /** The body has returned. Null if all have ended; else a stage that ends, as the body did, when they have. */
    fun endOf(
        value: Any?,
        error: Throwable?,
    ): End? {
        cancelThose(Station.Part::endsWithBody)
        if (error != null) cancel()
        return synchronized(this) { if (running.isEmpty()) null else End(value, error).also { end = it } }
    }

    /** It is cancelled by cancelling what it waits for, which takes its time. */
    inner class End(
        private val value: Any?,
        private val error: Throwable?,
    ) : CompletableFuture<Any?>() {
        fun complete() {
            if (error == null) complete(value) else completeExceptionally(error)
        }

        override fun cancel(mayInterruptIfRunning: Boolean): Boolean {
            this@Parts.cancel()
            return true
        }
    }
}

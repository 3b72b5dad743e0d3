package dev.gather.coroutines.internal.bodies

import dev.gather.threads.Station
import java.util.concurrent.CompletableFuture

/** The gathers that one body has started, and that have not ended: its task ends after them. */
internal class Parts(
    /** What stands for the gather of that task; not any longer when that has ended. */
    @Volatile private var owner: Any?,
) : Station.Parent {
    // All guarded by this; no code of a user runs inside.
    private val running = LinkedHashSet<Station.Part>(2)
    private var isCancelled = false

    /** When the body has returned and some have not ended. */
    private var following: Runnable? = null
    private var isClosed = false

    override fun adopt(part: Station.Part): Station.Membership = tryAdopt(part) ?: Station.NOBODYS

    /** Null if the body has returned, and all that it has started had ended. */
    fun tryAdopt(part: Station.Part): Station.Membership? {
        val isLate =
            synchronized(this) {
                if (isClosed) return null
                running.add(part)
                isCancelled || following != null && part.endsWithBody()
            }
        if (isLate) part.cancelByOwner()
        return Station.Membership { ended(part) }
    }

    private fun ended(part: Station.Part): Runnable? =
        synchronized(this) { following.takeIf { running.remove(part) && running.isEmpty() }?.also { close() } }

    private fun close() {
        isClosed = true
        following = null
        owner = null
    }

    fun cancel() {
        synchronized(this) { isCancelled = true }
        cancelThose { true }
    }

    private fun cancelThose(which: (Station.Part) -> Boolean) {
        val those = synchronized(this) { running.filter(which) }
        Aftermath.beside {
            when (those.size) {
                0 -> Unit
                1 -> those[0].cancelByOwner()
                else -> Aftermath(those.map { it::cancelByOwner }) {}.start() // dependents may wait for each other
            }
        }
    }

    /** The body has returned. True if all have ended; else somebody is to run [following] when they have. */
    fun bodyIsOver(
        isFailure: Boolean,
        following: Runnable,
    ): Boolean {
        synchronized(this) { running.removeIf(Station.Part::isOver) } // the body may know, and we are told in a moment
        cancelThose(Station.Part::endsWithBody)
        if (isFailure) cancel()
        return synchronized(this) {
            if (running.isEmpty()) close() else this.following = following
            isClosed
        }
    }

    /** The body has returned. Null if all have ended; else a stage that ends, as the body did, when they have. */
    fun endOf(
        value: Any?,
        error: Throwable?,
    ): End? {
        val end = End(value, error)
        return if (bodyIsOver(error != null, end)) null else end
    }

    override fun lasting(): Station.Parent = this

    override fun owner(): Any? = owner

    /** It is cancelled by cancelling what it waits for, which takes its time. */
    inner class End(
        private val value: Any?,
        private val error: Throwable?,
    ) : CompletableFuture<Any?>(),
        Runnable {
        override fun run() {
            if (error == null) complete(value) else completeExceptionally(error)
        }

        override fun cancel(mayInterruptIfRunning: Boolean): Boolean {
            this@Parts.cancel()
            return true
        }
    }
}

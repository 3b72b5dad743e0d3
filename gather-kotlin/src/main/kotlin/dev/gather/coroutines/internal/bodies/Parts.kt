package dev.gather.coroutines.internal.bodies

import dev.gather.spi.CallerContext
import dev.gather.threads.BodyContext
import dev.gather.threads.Station
import java.util.concurrent.CompletableFuture

/** The gathers that one body has started, and that have not ended: its task ends after them. */
internal open class Parts(
    /** What stands for the gather of that task; not any longer when that has ended. */
    @Volatile private var owner: Any?,
) : Station.Parent {
    // All guarded by this; no code of a user runs inside.
    private val running = LinkedHashSet<Station.Part>(2)
    private var isCancelled = false

    private var isBodyOver = false

    /** When the body has returned and some have not ended. */
    private var following: Runnable? = null
    private var isClosed = false

    /** The first of those that run now has come; called under the lock. */
    protected open fun begin() {}

    /** The last of them has ended before the body; called under the lock. */
    protected open fun end() {}

    override fun adopt(part: Station.Part): Station.Membership = tryAdopt(part) ?: Station.NOBODYS

    /** Null if the body has returned, and all that it has started had ended. */
    open fun tryAdopt(part: Station.Part): Station.Membership? {
        val isLate =
            synchronized(this) {
                if (isClosed) return null
                if (running.isEmpty()) begin()
                running.add(part)
                isCancelled || isBodyOver && part.endsWithBody()
            }
        if (isLate) part.cancelByOwner()
        return Station.Membership { ended(part) }
    }

    private fun ended(part: Station.Part): Runnable? =
        synchronized(this) {
            if (!running.remove(part) || running.isNotEmpty()) return null
            following.also { if (it == null) end() else close() }
        }

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
        if (those.isEmpty()) return
        // Their dependents may wait for each other, and for whoever is here.
        Aftermath.beside { Aftermath(those.map { it::cancelByOwner }) {}.start() }
    }

    /** The body has returned. True if all have ended; else somebody is to run [following] when they have. */
    fun bodyIsOver(
        isFailure: Boolean,
        following: Runnable,
    ): Boolean {
        synchronized(this) {
            isBodyOver = true
            // The body may know, and we are told in a moment.
            if (running.removeIf(Station.Part::isOver) && running.isEmpty()) end()
        }
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

/** A thread runs a supplier: what that starts it returns, or leaves, as its stage is the task. */
internal class SupplierStation(
    private val owner: Any,
    private val context: CallerContext,
) : Station.Parent {
    override fun adopt(part: Station.Part): Station.Membership = Station.NOBODYS

    override fun lasting(): Station.Parent = this

    override fun owner(): Any = owner

    override fun ofCoroutine(): BodyContext? = context.ofCoroutine()
}

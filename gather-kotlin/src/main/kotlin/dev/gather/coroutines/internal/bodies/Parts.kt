package dev.gather.coroutines.internal.bodies

import dev.gather.coroutines.internal.run.unwrapped
import dev.gather.threads.Station
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.coroutines.cancellation.CancellationException

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

    /**
     * The body has returned. Null if all have ended; else a stage that ends, as the body did, when they have.
     *
     * @param stage what the body has started and returned, if it is of that kind; the task ends after that, too
     */
    fun endOf(
        value: Any?,
        error: Throwable?,
        stage: CompletionStage<*>?,
    ): End? {
        cancelThose(Station.Part::endsWithBody)
        if (error != null) cancel()
        val end = End(value, error, stage)
        synchronized(this) {
            if (running.isEmpty()) return null
            this.end = end
        }
        if (stage != null) end.follow(stage)
        return end
    }

    /** It is cancelled by cancelling what it waits for, which takes its time. */
    inner class End(
        private var value: Any?,
        private var error: Throwable?,
        private val stage: CompletionStage<*>?,
    ) : CompletableFuture<Any?>() {
        private var left = if (stage == null) 1 else 2 // guarded by this

        private val isStageOver = AtomicBoolean()

        fun follow(stage: CompletionStage<*>) {
            stage.whenComplete { value, error -> stageIsOver(value, error?.let(::unwrapped)) }
        }

        private fun stageIsOver(
            value: Any?,
            error: Throwable?,
        ) {
            if (!isStageOver.compareAndSet(false, true)) return
            synchronized(this) {
                this.value = value
                this.error = error
            }
            complete()
        }

        fun complete() {
            val (value, error) = synchronized(this) { if (--left > 0) return else value to error }
            if (error == null) complete(value) else completeExceptionally(error)
        }

        override fun cancel(mayInterruptIfRunning: Boolean): Boolean {
            this@Parts.cancel()
            if (stage != null && !endsByCancel(stage)) stageIsOver(null, CancellationException("no longer waited for"))
            return true
        }
    }
}

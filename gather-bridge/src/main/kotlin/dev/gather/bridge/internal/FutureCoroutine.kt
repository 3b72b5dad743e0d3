package dev.gather.bridge.internal

import dev.gather.Progress
import dev.gather.future.GatherFuture
import dev.gather.spi.Life
import java.util.OptionalInt
import java.util.concurrent.CompletableFuture
import kotlin.coroutines.cancellation.CancellationException

/** A call whose result is a future: whoever cancels that, or anything derived from it, cancels the coroutine. */
internal class FutureCoroutine<T>(
    private val calls: Calls,
) : DoorCoroutine<T>(calls, calls.surroundings()),
    Life {
    val future: GatherFuture<T> = futures.newGatherFuture(this)

    /** Where somebody has asked for it. */
    @Volatile private var end: CompletableFuture<Void?>? = null

    /** What has become of the coroutine and its children; null while any of it runs. */
    @Volatile private var ending: Ending? = null

    private enum class Ending { VALUE, FAILURE, CANCELLATION }

    override fun succeeded(value: T) {
        hasEnded(Ending.VALUE)
        asCallerDoes { futures.succeed(future, value) }
    }

    override fun failed(error: Throwable): Boolean {
        hasEnded(if (error is CancellationException) Ending.CANCELLATION else Ending.FAILURE)
        var isHeard = false
        asCallerDoes { isHeard = futures.fail(future, error) }
        return isHeard
    }

    /** The first that hear of the result; who hangs on the end hears elsewhere, since one may wait for the other. */
    private fun hasEnded(ending: Ending) {
        this.ending = ending
        tellOver()
        val end = end
        if (end != null) futures.whenDone(future) { asCallerElsewhere { futures.end(end) } }
        // Before what hangs on it, which may wait for the task of that body.
        if (isPart) futures.whenDone(future, ::leaveBody)
    }

    override fun isOver(): Boolean = ending != null && future.isDone

    override fun afterResult(action: () -> Unit) = futures.whenDone(future, action)

    // ---- from the futures

    override fun requestCancel(): Boolean = ending == null

    override fun cancelAll() {
        futures.whenDone(future, ::cancelTasks)
        futures.fail(future, CancellationException())
    }

    override fun cancelTasks() = cancel(CancelledFromOutside())

    override fun cancelByOwner() = asCallerDoes { futures.cancelAsOwner(future) }

    override fun isRoot(future: CompletableFuture<*>): Boolean = future === this.future

    override fun isInside(): Boolean = isAroundThread()

    override fun asCaller(action: Runnable) = asCallerDoes(action)

    /** Of which there are none: whatever is told of the cancel of a job must not block. */
    override fun awaitHooks() {}

    override fun terminatedFuture(): CompletableFuture<Void?> {
        end?.let { return it }
        val end =
            synchronized(this) {
                end ?: futures.newEnd { ending != null && future.isDone }.also { end = it }
            }
        if (ending != null) futures.whenDone(future) { futures.end(end) } // whoever told of it may have missed this
        return end
    }

    override fun progress(): Progress {
        val ending = ending

        fun count(which: Ending) = if (ending == which) 1 else 0
        return Progress(
            OptionalInt.of(1),
            1,
            count(Ending.VALUE),
            count(Ending.FAILURE),
            count(Ending.CANCELLATION),
        )
    }

    override fun describe(state: String): String = "GatherFuture[${calls.name}, $state, ${progress()}]"
}

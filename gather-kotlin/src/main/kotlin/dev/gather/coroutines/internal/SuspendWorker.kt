package dev.gather.coroutines.internal

import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED

/**
 * Runs suspending bodies, and is the completion of the one it runs: all that a task which suspends
 * costs besides its own continuation. While its task does not suspend, it is used for the next one.
 */
internal open class SuspendWorker(
    private val run: SuspendRun,
) : Handover(),
    Worker,
    Continuation<Any?> {
    override var index: Int = 0
    protected open var startNanos: Long
        get() = 0
        set(_) {}

    override val context: CoroutineContext get() = run.contextOf(index)

    override fun run(item: Any?): Boolean {
        if (run.startsNoMore()) { // reading the item may have taken long
            run.neverStarted(index)
            return true
        }
        startNanos = run.bodyStarts(index)
        val value =
            try {
                run.startBody(item, this)
            } catch (e: Throwable) {
                run.failed(index, e, startNanos)
                return true
            }
        if (value !== COROUTINE_SUSPENDED) {
            run.succeeded(index, value, startNanos)
            return true
        }
        run.takeToken() // before anybody else can give it back
        val early = suspended() ?: return false
        run.returnToken()
        ended((early as Early).result)
        return true
    }

    override fun resumeWith(result: Result<Any?>) {
        if (!isSuspended && tryLeave(Early(result))) return
        resumed()
        ended(result)
        run.goOn(this)
    }

    private fun ended(result: Result<Any?>) {
        val error = result.exceptionOrNull()
        if (error == null) {
            run.succeeded(index, result.getOrNull(), startNanos)
        } else {
            run.failed(index, error, startNanos)
        }
    }

    override fun refuse(
        item: Any?,
        refusal: Throwable,
    ) {
        run.failed(index, refusal, System.nanoTime())
    }

    private class Early(
        @JvmField val result: Result<Any?>,
    )
}

/** Knows when its task started; only where somebody listens. */
internal class TimedSuspendWorker(
    run: SuspendRun,
) : SuspendWorker(run) {
    override var startNanos: Long = 0
}

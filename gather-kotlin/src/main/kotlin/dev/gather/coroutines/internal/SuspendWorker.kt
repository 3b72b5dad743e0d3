package dev.gather.coroutines.internal

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED

/**
 * Runs suspending bodies, and is the completion of the one it runs: all that a task which suspends
 * costs besides its own continuation. While its task does not suspend, it is used for the next one.
 */
internal open class SuspendWorker(
    private val run: SuspendRun,
) : Worker,
    Continuation<Any?> {
    override var index: Int = 0
    protected open var startNanos: Long
        get() = 0
        set(_) {}

    /**
     * Null while the body is being started. A body that suspends may be resumed, elsewhere, before the
     * start has returned; whoever comes second of the two goes on.
     */
    @Volatile
    private var state: Any? = null

    override val context: CoroutineContext get() = run.context

    override fun run(item: Any?): Boolean {
        if (run.startsNoMore()) { // reading the item may have taken long
            run.neverStarted(index, null)
            return true
        }
        startNanos = run.bodyStarts(index)
        val value =
            try {
                run.startBody(item, this)
            } catch (e: Throwable) {
                run.failed(index, null, e, startNanos)
                return true
            }
        if (value !== COROUTINE_SUSPENDED) {
            run.succeeded(index, null, value, startNanos)
            return true
        }
        run.takeToken() // before anybody else can give it back
        if (STATE.compareAndSet(this, null, SUSPENDED)) return false
        run.returnToken()
        val early = state as Early
        state = null
        ended(early.result)
        return true
    }

    override fun resumeWith(result: Result<Any?>) {
        if (state == null && STATE.compareAndSet(this, null, Early(result))) return
        state = null
        ended(result)
        run.drain(this)
    }

    private fun ended(result: Result<Any?>) {
        val error = result.exceptionOrNull()
        if (error == null) {
            run.succeeded(index, null, result.getOrNull(), startNanos)
        } else {
            run.failed(index, null, error, startNanos)
        }
    }

    override fun refuse(
        item: Any?,
        refusal: Throwable,
    ) {
        run.failed(index, null, refusal, System.nanoTime())
    }

    private class Early(
        @JvmField val result: Result<Any?>,
    )

    private companion object {
        val SUSPENDED = Any()
        val STATE: AtomicReferenceFieldUpdater<SuspendWorker, Any?> =
            AtomicReferenceFieldUpdater.newUpdater(SuspendWorker::class.java, Any::class.java, "state")
    }
}

/** Knows when its task started; only where somebody listens. */
internal class TimedSuspendWorker(
    run: SuspendRun,
) : SuspendWorker(run) {
    override var startNanos: Long = 0
}

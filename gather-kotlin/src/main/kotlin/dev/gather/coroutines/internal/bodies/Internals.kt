@file:OptIn(InternalCoroutinesApi::class)

package dev.gather.coroutines.internal.bodies

import dev.gather.coroutines.internal.run.Cell
import dev.gather.threads.Station
import kotlinx.coroutines.AbstractCoroutine
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater.newUpdater
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.cancellation.CancellationException

// All that Gather uses of kotlinx.coroutines beyond its stable API, since there is no other way to it, or a dear one.

/** Hears of a cancellation before the job has ended; at once where it has been cancelled already. */
internal fun Job.onCancelling(action: (Throwable) -> Unit): DisposableHandle =
    onEnd { cause -> if (cause != null) action(cause) }

/** Hears of a cancellation likewise, and of any other end, without a cause. */
internal fun Job.onEnd(action: (Throwable?) -> Unit): DisposableHandle =
    invokeOnCompletion(onCancelling = true, invokeImmediately = true, handler = action)

/** Why a job was cancelled; `null` if it was not. */
internal fun Job.cancellation(): CancellationException? = if (isCancelled) getCancellationException() else null

/** As [dispatch][CoroutineDispatcher.dispatch], but behind all that waits there already. */
internal fun CoroutineDispatcher.dispatchLast(
    context: CoroutineContext,
    block: Runnable,
) = dispatchYield(context, block)

/**
 * A child of the job in [context] that stands for what is none, and keeps it from ending before [end]. It takes no notice
 * of a cancel; whoever looks for circles finds a [Nesting] in its context.
 */
internal class StandIn(
    context: CoroutineContext,
) : AbstractCoroutine<Unit>(context, initParentJob = false, active = true) {
    init {
        initParentJob(context[Job]) // when it has its context: whoever sees the child looks into that
    }

    fun end() = resumeWith(Result.success(Unit))
}

/**
 * The coroutine of a task, when somebody has looked for one: the job of its body, which ends when the body has returned
 * and all that was launched in it has ended, as that of `async` does. A `Job()` would end as soon as it is cancelled; a
 * coroutine that is really launched, and suspended meanwhile, would be several objects more for each body.
 */
internal class TaskCoroutine(
    val siblings: Children,
    private val worker: SuspendWorker,
) : AbstractCoroutine<Any?>(EmptyCoroutineContext, initParentJob = false, active = true),
    Station.Body {
    /** What the body has returned, where somebody wants it back if nobody gets it. */
    @Volatile var returned: Any? = null

    /** What the body has started by the Java door, for [PARTS]. */
    @Volatile private var parts: Any? = null

    override fun isBodyOver(): Boolean = PARTS.isBodyOver(this)

    override fun adopt(part: Station.Part): Station.Membership = PARTS.adopt(this, part)

    /**
     * The thread inside [endsWith]; then [HERE], if the task has ended with that. A plain field: no thread but that one
     * ever finds itself in here, whatever it sees.
     */
    private var ender: Any? = null

    @ExperimentalCoroutinesApi
    override val parent: Job? get() = gather?.also { siblings.show() }

    /** The same for ourselves, who need not see its children. */
    val gather: Job? get() = if (isCompleted) null else siblings.job

    private var isAttached = false // guarded by this

    /** Puts it into the list of the children of the gather's job. */
    fun attach(gather: Job) {
        val isFirst = synchronized(this) { !isAttached.also { isAttached = true } }
        if (isFirst) initParentJob(gather)
    }

    fun handle() = Handle(this)

    /** Stands for it in a slot, where a coroutine could be the value of a task: a body may return its own. */
    class Handle(
        val task: TaskCoroutine,
    ) : Cell.Running {
        override fun interrupt(index: Int): (() -> Unit)? {
            task.cancel(CancellationException("the task has run out of time"))
            return null
        }

        override fun isOn(thread: Thread): Boolean = false
    }

    /**
     * The body has returned.
     *
     * @return whether the task has ended with that; if not, the worker hears of it later, perhaps on another thread
     */
    fun endsWith(result: Result<Any?>): Boolean {
        PARTS.bodyIsOver(this, result.isFailure)
        ender = Thread.currentThread()
        resumeWith(result)
        val isHere = ender === HERE
        ender = null
        return isHere
    }

    // Both before whoever waits for the job hears of it: they may ask for what the task has had.

    override fun onCompleted(value: Any?) = ends(value, null)

    override fun onCancelled(
        cause: Throwable,
        handled: Boolean,
    ) = ends(null, cause)

    /** What was launched in the body may be the last to end while the body is just returning elsewhere. */
    private fun ends(
        value: Any?,
        error: Throwable?,
    ) {
        if (ender === Thread.currentThread()) {
            ender = HERE
            worker.endsNow(value, error)
        } else {
            attach(siblings.job) // it is not complete yet, and the gather ends after it has told so
            worker.endedLate(value, error)
        }
    }

    private companion object {
        val HERE = Any()
        val PARTS =
            BodyParts<TaskCoroutine>(newUpdater(TaskCoroutine::class.java, Any::class.java, "parts"))
    }
}

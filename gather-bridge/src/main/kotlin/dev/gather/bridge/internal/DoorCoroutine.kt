@file:OptIn(InternalCoroutinesApi::class)

package dev.gather.bridge.internal

import dev.gather.coroutines.spi.CallParts
import dev.gather.coroutines.spi.Coroutines
import dev.gather.spi.CallerContext
import dev.gather.spi.Surrounded
import dev.gather.threads.DaemonThreads
import dev.gather.threads.HeldPermits
import dev.gather.threads.PartOfTask
import dev.gather.threads.Station
import kotlinx.coroutines.AbstractCoroutine
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.handleCoroutineException
import kotlinx.coroutines.newCoroutineContext
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater.newUpdater
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.cancellation.CancellationException

/**
 * One call that comes in by a door: a child of the door's job, so that its owner knows of it. Whoever waits for it
 * hears of its end after the coroutine and all of its children have ended.
 */
internal abstract class DoorCoroutine<T> private constructor(
    private val owner: Calls,
    private val surroundings: Surroundings,
    context: CoroutineContext,
) : AbstractCoroutine<T>(context, initParentJob = false, active = true),
    Station.Body,
    Station.Part,
    Surrounded,
    Surroundings.Owner {
    protected constructor(
        calls: Calls,
        surroundings: Surroundings,
        inbox: Inbox? = null,
    ) : this(
        calls,
        surroundings,
        calls.contextWith(surroundings, inbox),
    )

    /** Who is to hear of the end, the latest first; [OVER] once it has come. */
    @Volatile private var waiting: Any? = null

    init {
        surroundings.owner = this
    }

    /** What the body has started, for [PARTS]. */
    @Volatile private var parts: Any? = null

    override fun isBodyOver(): Boolean = PARTS.isBodyOver(this)

    override fun adopt(part: Station.Part): Station.Membership = PARTS.adopt(this, part)

    /** That the body of a task, or of another call, has made this call; null if none has. */
    @Volatile private var part: PartOfTask? = null

    override fun around(): List<Any> = part?.around() ?: emptyList()

    override fun endsWithBody(): Boolean = false

    override fun isOver(): Boolean = waiting === OVER

    /** Whether the body of this task, which makes the call, has to cancel it and to wait for it. */
    protected open fun belongsTo(task: Station.Parent): Boolean = true

    /** Lets the body begin, on the dispatcher of the door. */
    fun begin(block: suspend CoroutineScope.() -> T) {
        Station.current()?.takeIf(::belongsTo)?.let { task ->
            part = PartOfTask(this, task).also { it.enter(task) }
        }
        initParentJob(owner.job) // not before it is all there: who closes the door may cancel it at once
        try {
            start(CoroutineStart.DEFAULT, this) {
                var isFailure = true
                try {
                    block().also { isFailure = false }
                } finally {
                    PARTS.bodyIsOver(this@DoorCoroutine, isFailure)
                }
            }
        } catch (e: Throwable) {
            if (!isCompleted) throw e // else the dispatcher has refused it, and whoever waits hears of that
        }
    }

    /** Whether the calling thread runs code of this call, or code that this waits for. */
    fun isAroundThread(): Boolean = futures.surroundings().any { it === this }

    /** Runs what is no part of the body, in the surroundings of whoever has made this call. */
    fun asCallerDoes(action: Runnable) {
        val caller = surroundings.caller
        Coroutines.outsideOfBodies {
            if (HeldPermits.current() == null) {
                runAs(caller, action)
            } else {
                HeldPermits.without { runAs(caller, action) }
            }
        }
    }

    /** The same, on a thread of ours and when this may have ended. */
    protected fun asCallerElsewhere(action: Runnable) {
        val caller = surroundings.caller
        DaemonThreads.EXECUTOR.execute { runAs(caller, action) }
    }

    private fun runAs(
        caller: CallerContext?,
        action: Runnable,
    ) {
        if (caller == null || caller.isHere(Thread.currentThread().contextClassLoader)) return action.run()
        try {
            caller.runAnyway(action)
        } catch (e: Throwable) {
            report(e) // nobody would hear of it, and the call has to end
        }
    }

    /** Calls the action when nothing of this runs any more and its result is there; what hears of that may still run. */
    fun whenOver(action: () -> Unit) {
        while (true) {
            val before = waiting
            if (before === OVER) return afterResult(action)
            if (WAITING.compareAndSet(this, before, Waiter(action, before as Waiter?))) return
        }
    }

    /** The result is there, or is about to be heard by whoever waits for it. */
    protected fun tellOver() {
        var heard = WAITING.getAndSet(this, OVER) as Waiter?
        while (heard != null) {
            afterResult(heard.action)
            heard = heard.earlier
        }
    }

    private class Waiter(
        val action: () -> Unit,
        val earlier: Waiter?,
    )

    /** Where somebody can look at the result: as soon as that is there, and before what hangs on it. */
    protected open fun afterResult(action: () -> Unit) = action()

    protected abstract fun succeeded(value: T)

    /** Returns whether somebody hears of it. */
    protected abstract fun failed(error: Throwable): Boolean

    final override fun onCompleted(value: T) = tell { succeeded(value) }

    final override fun onCancelled(
        cause: Throwable,
        handled: Boolean,
    ) = tell {
        // A dispatcher that cannot run it cancels its job instead, and says why.
        if (!failed(Coroutines.refusalBehind(cause) ?: cause) && !handled) handleCoroutineException(context, cause)
    }

    /** What hangs on the end runs; never on the one thread that keeps the time. */
    private inline fun tell(crossinline end: () -> Unit) {
        if (!Coroutines.isOnTimer(context)) {
            try {
                end()
            } finally {
                leave()
            }
            return
        }
        owner.telling.add(this)
        DaemonThreads.EXECUTOR.execute {
            try {
                end()
            } finally {
                leave()
                owner.telling.remove(this)
            }
        }
    }

    private fun leave() {
        surroundings.end()
        leaveBody()
    }

    /** Whether a body has made the call, which waits for it. */
    protected val isPart: Boolean get() = part != null

    /** Who has made the call need not wait for it any longer. */
    protected fun leaveBody() {
        part?.leave()
    }

    /** For what somebody else's code has thrown that this has called. */
    fun report(error: Throwable) = reportIn(context, error)

    /** For what keeps it from going on: it fails with that. */
    override fun breakOff(
        context: CoroutineContext,
        error: Throwable,
    ) {
        cancelCoroutine(error)
    }

    private companion object {
        val OVER = Any()

        @Suppress("UNCHECKED_CAST") // of whatever type its value is
        val TYPE = DoorCoroutine::class.java as Class<DoorCoroutine<*>>
        val PARTS = CallParts(newUpdater(TYPE, Any::class.java, "parts"))
        val WAITING: AtomicReferenceFieldUpdater<DoorCoroutine<*>, Any?> =
            newUpdater(TYPE, Any::class.java, "waiting")
    }
}

@OptIn(ExperimentalCoroutinesApi::class)
internal fun CoroutineScope.contextOfNew(context: CoroutineContext): CoroutineContext = newCoroutineContext(context)

/** For errors that nobody can hear otherwise. */
internal fun reportIn(
    context: CoroutineContext,
    error: Throwable,
) = handleCoroutineException(context, error)

/** A call is cancelled because the body is over, or has been cancelled, that has made it. */
internal class CancelledWithBody : CancellationException("the body that has made this call is over, or cancelled")

/** A coroutine is cancelled because its future is. */
internal class CancelledFromOutside : CancellationException(
    "the future of this call was cancelled, or completed by somebody else",
)

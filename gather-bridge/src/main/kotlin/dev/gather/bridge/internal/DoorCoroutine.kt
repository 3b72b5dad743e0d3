@file:OptIn(InternalCoroutinesApi::class)

package dev.gather.bridge.internal

import dev.gather.coroutines.spi.Coroutines
import dev.gather.spi.CallerContext
import dev.gather.threads.HeldPermits
import dev.gather.threads.Station
import kotlinx.coroutines.AbstractCoroutine
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.handleCoroutineException
import kotlinx.coroutines.newCoroutineContext
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.cancellation.CancellationException

/**
 * One call that comes in by a door: a child of the door's job, so that its owner knows of it. Whoever waits for it
 * hears of its end after the coroutine and all of its children have ended.
 */
internal abstract class DoorCoroutine<T> private constructor(
    private val surroundings: Surroundings,
    context: CoroutineContext,
) : AbstractCoroutine<T>(context, initParentJob = false, active = true) {
    protected constructor(
        call: Calls,
        surroundings: Surroundings,
        dispatcher: ContinuationInterceptor? = null,
    ) : this(surroundings, call.contextWith(if (dispatcher == null) surroundings else surroundings + dispatcher))

    val caller: CallerContext get() = surroundings.caller

    init {
        surroundings.coroutine = this
        initParentJob(context[Job])
    }

    /** Lets the body begin, on the dispatcher of the door. */
    fun begin(block: suspend CoroutineScope.() -> T) {
        try {
            start(CoroutineStart.DEFAULT, this, block)
        } catch (e: Throwable) {
            if (!isCompleted) throw e // else the dispatcher has refused it, and whoever waits hears of that
        }
    }

    /** Whether the calling thread runs code of this call, or code that has been called for it. */
    fun isAroundThread(): Boolean = futures.surroundings().any { it === this }

    /** Runs what is no part of the body, in the surroundings of whoever has made this call. */
    fun asCallerDoes(action: Runnable) {
        val station = Station.here()
        val task = station?.let { Station.at(it, null) }
        try {
            if (HeldPermits.current() == null) caller.run(action) else HeldPermits.without { caller.run(action) }
        } finally {
            if (station != null) Station.at(station, task)
        }
    }

    protected abstract fun succeeded(value: T)

    /** Returns whether somebody hears of it. */
    protected abstract fun failed(error: Throwable): Boolean

    final override fun onCompleted(value: T) = Coroutines.timely(context) { succeeded(value) }

    final override fun onCancelled(
        cause: Throwable,
        handled: Boolean,
    ) = Coroutines.timely(context) {
        if (!failed(cause) && !handled) handleCoroutineException(context, cause)
    }

    /** For what somebody else's code has thrown that this has called. */
    protected fun report(error: Throwable) = handleCoroutineException(context, error)
}

@OptIn(ExperimentalCoroutinesApi::class)
internal fun CoroutineScope.contextOfNew(context: CoroutineContext): CoroutineContext = newCoroutineContext(context)

/** Why a coroutine is cancelled whose future is. */
internal fun cancelledFromOutside() = CancellationException(
    "the future of this call was cancelled, or completed by somebody else",
)

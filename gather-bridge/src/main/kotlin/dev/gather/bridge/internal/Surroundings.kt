package dev.gather.bridge.internal

import dev.gather.coroutines.spi.Coroutines
import dev.gather.spi.CallerContext
import dev.gather.threads.Station
import kotlinx.coroutines.ExecutorCoroutineDispatcher
import kotlinx.coroutines.ThreadContextElement
import java.lang.ref.WeakReference
import kotlin.coroutines.CoroutineContext

/**
 * What a thread has while it runs a call, or a coroutine that was launched in one: what the thread of the caller had,
 * and that gathers of the Java door which are started there are parts of the call. One element for both, so that they
 * come and go together.
 */
internal class Surroundings(
    val caller: CallerContext,
    /** Where calls run on threads that others do not use, or null. */
    private val own: ExecutorCoroutineDispatcher?,
) : ThreadContextElement<Any> {
    lateinit var coroutine: DoorCoroutine<*>

    /** That of the coroutine itself: several may make one, and each is as good. */
    private var ofCall: CallStation? = null

    override val key: CoroutineContext.Key<*> get() = Key

    override fun updateThreadContext(context: CoroutineContext): Any {
        if (own != null && !hasRunHere(own)) LATEST.set(WeakReference(own))
        val entered = Station.enter(stationIn(context))
        val thread = Thread.currentThread()
        val loader: ClassLoader? = thread.contextClassLoader
        if (caller.isHere(loader)) return entered
        val changed = Changed(entered, loader)
        try {
            changed.restore = caller.enter(thread, loader)
        } catch (e: Throwable) {
            restoreThreadContext(context, changed)
            throw e
        }
        return changed
    }

    override fun restoreThreadContext(
        context: CoroutineContext,
        oldState: Any,
    ) {
        val thread = Thread.currentThread()
        if (oldState is Changed) {
            Station.leave(oldState.entered)
            caller.leave(thread, oldState.loader, oldState.restore)
        } else {
            Station.leave(oldState)
            caller.leaveHere(thread)
        }
    }

    private fun stationIn(context: CoroutineContext): CallStation {
        if (context !== coroutine.context) return CallStation(coroutine, context)
        return ofCall ?: CallStation(coroutine, context).also { ofCall = it }
    }

    private class Changed(
        val entered: Any,
        val loader: ClassLoader?,
    ) {
        var restore: Runnable? = null
    }

    companion object Key : CoroutineContext.Key<Surroundings> {
        /** Of a thread, the dispatcher that has last run a call there; of no class of ours, since the thread may outlive us. */
        private val LATEST = ThreadLocal<WeakReference<Any>>()

        fun hasRunHere(dispatcher: ExecutorCoroutineDispatcher): Boolean = LATEST.get()?.get() === dispatcher

        /** That of the coroutine that the calling thread runs, where it is one of Gather. */
        fun contextHere(): CoroutineContext? =
            when (val station = Station.current()) {
                is CallStation -> station.context
                else -> Coroutines.contextAt(station)
            }
    }
}

/** A thread runs a call: gathers belong to the coroutine, and whoever closes something knows that the call waits. */
internal class CallStation(
    private val call: DoorCoroutine<*>,
    private val parent: Station.Parent,
    val context: CoroutineContext?,
) : Station.Parent {
    constructor(call: DoorCoroutine<*>, context: CoroutineContext) : this(call, Coroutines.station(context), context)

    override fun adopt(part: Station.Part): Station.Membership = parent.adopt(part)

    override fun lasting(): Station.Parent = CallStation(call, parent.lasting(), null)

    override fun owner(): Any = call
}

package dev.gather.bridge.internal

import dev.gather.coroutines.spi.Coroutines
import dev.gather.spi.CallerContext
import dev.gather.threads.BodyContext
import dev.gather.threads.OfThread
import dev.gather.threads.Station
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ThreadContextElement
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext

/**
 * What a thread has while it runs a call, or a coroutine that was launched in one: what the thread of the caller had,
 * and that gathers of the Java door which are started there are parts of the call. One element for all of that, so that it
 * comes and goes together.
 */
internal class Surroundings(
    caller: CallerContext,
    private val threads: DoorThreads,
) : ThreadContextElement<Any>,
    OfThread {
    lateinit var owner: Owner

    /** Null when the call has ended: who keeps its future keeps nothing of the caller but the permits that it held. */
    @Volatile var caller: CallerContext? = caller
        private set

    /** That of the coroutine itself: several may make one, and each is as good. */
    private var ofCall: CallStation? = null

    /** Whoever has made the call may have to run it, if its dispatcher has no room for that. */
    private var maker: Thread? = Thread.currentThread()

    fun end() {
        caller = null
        maker = null
    }

    override val key: CoroutineContext.Key<*> get() = Key

    override fun forOthers(): BodyContext? = caller?.ofCoroutine()

    override fun updateThreadContext(context: CoroutineContext): Any {
        val thread = Thread.currentThread()
        val loader: ClassLoader? = thread.contextClassLoader
        val place = DISPATCHER.get() ?: arrayOfNulls<Any>(1).also(DISPATCHER::set)
        val entered = Entered(Station.enter(stationIn(context)), caller, loader, place, place[0])
        place[0] = if (context === owner.context) threads.dispatcher else dispatcherIn(context) ?: place[0]
        // Not for what is launched: it may have been told to begin anywhere.
        if (context === owner.context && thread !== maker) threads.noteHere(context)
        try {
            if (entered.caller?.isHere(loader) == false) entered.restore = entered.caller.enter(thread, loader)
        } catch (e: Throwable) {
            owner.breakOff(context, e) // a coroutine that could not even be resumed would never end
        }
        return entered
    }

    override fun restoreThreadContext(
        context: CoroutineContext,
        oldState: Any,
    ) {
        val entered = oldState as Entered
        Station.leave(entered.station)
        entered.place[0] = entered.dispatcher
        try {
            entered.caller?.leave(Thread.currentThread(), entered.loader, entered.restore)
        } catch (e: Throwable) {
            owner.breakOff(context, e)
        }
    }

    /** Null for what says nothing of its thread. */
    private fun dispatcherIn(context: CoroutineContext): ContinuationInterceptor? {
        val dispatcher = context[ContinuationInterceptor]
        if (threads.isSame(dispatcher)) return threads.dispatcher
        return dispatcher.takeIf { it !== Dispatchers.Unconfined }
    }

    private fun stationIn(context: CoroutineContext): CallStation {
        if (context !== owner.context) return CallStation(this, context)
        return ofCall ?: CallStation(this, context).also { ofCall = it }
    }

    /** A call, or all coroutines of a scope. */
    interface Owner {
        val context: CoroutineContext

        /** What keeps a coroutine in this context from going on. */
        fun breakOff(
            context: CoroutineContext,
            error: Throwable,
        )
    }

    private class Entered(
        val station: Any,
        val caller: CallerContext?,
        val loader: ClassLoader?,
        val place: Array<Any?>,
        val dispatcher: Any?,
    ) {
        var restore: Runnable? = null
    }

    companion object Key : CoroutineContext.Key<Surroundings> {
        /** Of a thread that runs a call, or what hangs on one. An array of one, which stays on the thread, as a [Station]. */
        private val DISPATCHER = ThreadLocal<Array<Any?>>()

        /** The context of the coroutine whose body this is; null if it is none, whose thread a cancel interrupts. */
        fun contextAt(task: Station.Parent?): CoroutineContext? =
            when (task) {
                is CallStation -> task.context
                is StartStation -> contextAt(task.around)
                else -> Coroutines.contextAt(task)
            }

        /** Where the calling thread is, if it runs a coroutine of Gather, or what hangs on a call. */
        fun dispatcherHere(): ContinuationInterceptor? =
            DISPATCHER.get()?.get(0) as ContinuationInterceptor?
                ?: contextAt(Station.current())?.get(ContinuationInterceptor)
    }
}

/** A thread runs a call: gathers belong to the coroutine, and whoever closes something knows that the call waits. */
private class CallStation(
    private val surroundings: Surroundings,
    val context: CoroutineContext,
) : Station.Parent {
    override fun adopt(part: Station.Part): Station.Membership = Coroutines.station(context).adopt(part)

    override fun lasting(): Station.Parent = LastingCall(owner(), Coroutines.station(context).lasting())

    override fun owner(): Any = surroundings.owner

    override fun ofCoroutine(): BodyContext? = Coroutines.forOthers(context)
}

/** The same when the thread may have left it. */
private class LastingCall(
    private val call: Any,
    private val coroutine: Station.Parent,
) : Station.Parent {
    override fun adopt(part: Station.Part): Station.Membership = coroutine.adopt(part)

    override fun lasting(): Station.Parent = this

    override fun owner(): Any = call
}

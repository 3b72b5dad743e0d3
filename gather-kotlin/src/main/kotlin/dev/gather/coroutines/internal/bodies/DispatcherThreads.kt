package dev.gather.coroutines.internal.bodies

import dev.gather.coroutines.internal.cells.Errand
import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.Threads
import dev.gather.coroutines.internal.run.Threads.From
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.ExecutorCoroutineDispatcher
import kotlinx.coroutines.Job
import java.lang.ref.WeakReference
import java.util.concurrent.ExecutorService
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext

/** The threads of the caller's dispatcher. */
internal class DispatcherThreads private constructor(
    private val bodies: SuspendingBodies,
    private val dispatcher: CoroutineDispatcher,
) : Threads {
    /** Of the helper that was sent last. */
    @Volatile private var latest: Order? = null

    override val hasOthers: Boolean get() = true
    override val ahead: Int get() = 1
    override val isQueue: Boolean get() = true
    override val isTheirs: Boolean get() = true

    override val service: ExecutorService?
        get() = (dispatcher as? ExecutorCoroutineDispatcher)?.executor as? ExecutorService

    override fun send(
        run: Run,
        from: From,
    ) {
        val order = Order(run, bodies, if (from.isWorker) Thread.currentThread() else null)
        val left = Leftovers.toTakeOver(dispatcher)
        latest = order
        if (left != null && left.takeOver(order)) {
            order.sender = null
        } else {
            Trip(dispatcher, order).go(order, isLast = from == From.LEAVING)
        }
        run.helpers.sent()
    }

    override fun asNobody(action: Runnable) = action.run()

    override fun leave() {
        latest?.let { it.trip?.leaveBehind(it) }
    }

    /** What a helper is to do. */
    private class Order(
        val run: Run,
        val bodies: SuspendingBodies,
        /** The thread that is inside the dispatch: an executor that runs things inline comes back on it. */
        @Volatile var sender: Thread?,
    ) {
        @Volatile var trip: Trip? = null
    }

    /**
     * One dispatch: not as a coroutine, which would cost four times as much. It is the context of its dispatch,
     * that of the run but for the job, because a dispatcher over an executor that refuses cancels the job in the
     * context, silently, and moves the dispatch elsewhere: with a job of its own that is noticed, and does not
     * cancel the gather. It may be queued for long, and holds nothing of a run that does not wait for it.
     */
    private class Trip(
        val dispatcher: CoroutineDispatcher,
        order: Order,
    ) : Errand<Order>(order),
        Runnable,
        CoroutineContext {
        /** Made when the dispatcher asks for it, which most do not. */
        @Volatile private var job: Job? = null

        /** Whether it has a thread, where it goes on should it be refused another. */
        @Volatile private var hasThread = false

        /** Among which it was left last. */
        @Volatile private var leftovers: Leftovers? = null

        private var reference: WeakReference<Trip>? = null

        init {
            order.trip = this
        }

        fun go(
            order: Order,
            isLast: Boolean,
        ) {
            try {
                if (isLast) dispatcher.dispatchLast(this, this) else dispatcher.dispatch(this, this)
            } catch (refusal: Throwable) {
                refused(refusal)
            }
            order.sender = null // later it may come round on the same thread as well
            refusal()?.let(::refused)
        }

        private fun refused(refusal: Throwable) {
            arrived()?.run?.let { it.helpers.refused(it, refusal) }
        }

        private fun arrived(): Order? = arrive().also { if (it == null) isNotLeft() }

        /** Counted once: where it is refused it may arrive twice. */
        private fun isNotLeft() {
            leftovers?.count?.decrementAndGet()
            leftovers = null
        }

        /** The executor behind the dispatcher has refused it. */
        private fun refusal(): Throwable? {
            val cancellation = job?.cancellation() ?: return null
            return cancellation.cause ?: RejectedExecutionException(cancellation)
        }

        override fun run() {
            val refusal = refusal()
            if (refusal != null) return if (hasThread) Unit else refused(refusal)
            if (goesRound()) return
            val order = arrived() ?: return
            order.bodies.around {
                if (order.sender === Thread.currentThread()) {
                    order.run.helpers.sentBack(order.run)
                } else {
                    order.run.helperStarted(order.bodies.newWorker(order.run))
                }
            }
        }

        /** What waits for this thread comes first; where there is no room after that, it is here already. */
        private fun goesRound(): Boolean {
            val order = order() ?: return false
            if (!order.run.helpers.goesRound()) return false
            hasThread = true
            try {
                dispatcher.dispatchLast(this, this)
            } catch (refusal: Throwable) {
                return false
            }
            if (refusal() == null) hasThread = false
            return refusal() == null // once more: it may be refused only now, and have found that there is a thread
        }

        fun leaveBehind(order: Order) {
            val here = Leftovers.of(dispatcher)
            val isOfMany = here.count.incrementAndGet() >= Leftovers.MANY // first: it may arrive at any moment
            leftovers = here
            if (!leave(order)) {
                here.count.decrementAndGet()
            } else if (isOfMany) {
                here.latest = reference()
            }
        }

        /** One: it may be left and taken over many times. */
        private fun reference() = reference ?: WeakReference(this).also { reference = it }

        fun takeOver(order: Order): Boolean {
            order.trip = this
            return adopt(order).also { if (it) isNotLeft() }
        }

        // ---- the context of the dispatch

        @Suppress("UNCHECKED_CAST") // the only element with that key
        override fun <E : CoroutineContext.Element> get(key: CoroutineContext.Key<E>): E? =
            if (key === Job) job() as E else order()?.bodies?.context?.get(key)

        override fun <R> fold(
            initial: R,
            operation: (R, CoroutineContext.Element) -> R,
        ): R = whole().fold(initial, operation)

        override fun minusKey(key: CoroutineContext.Key<*>): CoroutineContext = whole().minusKey(key)

        private fun whole() = order()?.bodies?.context?.plus(job()) ?: job()

        private fun job(): Job = job ?: synchronized(this) { job ?: Job().also { job = it } }

        override fun toString(): String = "helper of a gather"
    }

    /**
     * Those that gathers of one thread have left in the queue of a dispatcher. A caller whose tasks never suspend does not
     * give its thread back between one gather and the next, so they would add up: when there are many, the next gather
     * takes one over. Not before, since it is not known what became of it, and it was sent in the context of another.
     */
    private class Leftovers(
        dispatcher: CoroutineDispatcher,
    ) {
        private val dispatcher = WeakReference(dispatcher)
        val count = AtomicInteger()
        var latest: WeakReference<Trip>? = null

        companion object {
            const val MANY = 64
            private val HERE = ThreadLocal<Leftovers?>()

            fun of(dispatcher: CoroutineDispatcher): Leftovers =
                HERE.get()?.takeIf { it.dispatcher.get() === dispatcher } ?: Leftovers(dispatcher).also(HERE::set)

            fun toTakeOver(dispatcher: CoroutineDispatcher): Trip? {
                val here = HERE.get() ?: return null
                if (here.count.get() < MANY || here.dispatcher.get() !== dispatcher) return null
                return here.latest?.get()?.takeIf { it.isLeft }
            }
        }
    }

    companion object {
        /** Null where the dispatcher runs things on the spot. */
        fun of(bodies: SuspendingBodies): Threads? {
            val dispatcher = bodies.context[ContinuationInterceptor] as? CoroutineDispatcher ?: return null
            return if (dispatcher.isDispatchNeeded(bodies.context)) DispatcherThreads(bodies, dispatcher) else null
        }
    }
}

/**
 * No threads but those that come by: that of the caller, and whatever ends a task or lets one start. A dispatcher that
 * needs no dispatch where the caller is may need one there.
 */
internal class PassingThreads(
    private val bodies: SuspendingBodies,
    /** Whether nothing is done but waiting, which may be done on any thread. */
    private val isOnlyWaiting: Boolean,
) : Threads {
    override val hasOthers: Boolean get() = false
    override val ahead: Int get() = 1
    override val isQueue: Boolean get() = false

    override fun send(
        run: Run,
        from: From,
    ) {
        val others = if (isOnlyWaiting) null else DispatcherThreads.of(bodies)
        if (others != null) return others.send(run, from)
        run.helpers.sent()
        bodies.around { run.helperStarted(bodies.newWorker(run)) }
    }

    override fun asNobody(action: Runnable) = action.run()

    override fun leave() {}
}

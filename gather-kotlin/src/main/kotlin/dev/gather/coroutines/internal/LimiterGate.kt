package dev.gather.coroutines.internal

import dev.gather.Limiter
import dev.gather.Limiter.Permit
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReference

/**
 * Lets a task start when a limiter, which many runs may share, grants a permit for it. A run stands in the
 * limiter's queue once at a time, so a large one does not stand before all others.
 */
internal class LimiterGate(
    run: Run,
    val limiter: Limiter,
) : Gate(run) {
    /** What the caller holds of the same limiter, which the tasks may borrow. */
    @Volatile var outer: Permit? = null

    /** For whoever passes next. */
    private val granted = ConcurrentLinkedQueue<Permit>()

    /** Of those who have passed and have not taken a task yet; one is as good as another. */
    private val passed = ConcurrentLinkedQueue<Permit>()
    private val running = ConcurrentHashMap<Int, Permit>()

    /** Of tasks that did not need theirs, for the next that the same worker takes. */
    private val left = ConcurrentLinkedQueue<Permit>()

    /** The place in the limiter's queue. */
    private val waiting = AtomicReference<CompletableFuture<Permit>?>()

    /** How many are giving back the permit of a task; they look at the gate again when all know of its end. */
    private val endings = AtomicInteger()

    @Volatile private var isClosed = false

    /** Only for a task that is there: whoever waits for the input would keep a permit from others. */
    override fun tryPass(worker: Worker): Boolean {
        val early = left.poll() ?: granted.poll()
        if (!isNextThere(worker, early)) {
            if (early != null) hasCome(early)
            return false
        }
        val permit = early ?: ask()
        if (permit != null) passed.add(permit) else run.leaveNext(worker)
        return permit != null
    }

    /** The input may ask the limiter too, and would wait for a permit that is here. */
    private fun isNextThere(
        worker: Worker,
        early: Permit?,
    ): Boolean = if (early == null) run.isNextThere(worker) else early.call { run.isNextThere(worker) }

    /** Null if it takes a while: then a helper is brought when the permit is there. */
    private fun ask(): Permit? {
        if (isClosed || waiting.get() != null) return null
        granted.poll()?.let { return it } // it may have come before there was no place any more
        val asked = limiter.acquire(outer)
        if (asked.isDone) return asked.join()
        if (!waiting.compareAndSet(null, asked)) {
            if (!asked.cancel(false)) hasCome(asked.join()) // another worker has asked at the same time
            return null
        }
        asked.whenComplete { permit, _ ->
            if (permit != null) hasCome(permit)
            waiting.set(null) // not before: somebody would ask for another
            if (permit != null && !isClosed && endings.get() == 0) run.invite()
        }
        if (isClosed) asked.cancel(false) // who closed it may have looked before there was a place to leave
        return null
    }

    private fun hasCome(permit: Permit) {
        granted.add(permit)
        if (isClosed) closeGranted()
    }

    override fun notReached() {
        while (true) (left.poll() ?: return).close()
    }

    /** Not kept for the next: that may be long in coming, and others wait for it. */
    override fun giveBack() = passed.poll()!!.close()

    override fun isOpen(): Boolean =
        run.isInputReady() && (!granted.isEmpty() || waiting.get() == null && !isClosed)

    override fun taken(index: Int) {
        val permit = passed.poll()!!
        if (run.needsNoWorker(index)) {
            left.add(permit)
            if (isClosed) notReached()
        } else {
            running[index] = permit
        }
    }

    /** Runs what a worker does between passing and taking a task, as work that holds a permit. */
    fun <T> read(action: () -> T): T {
        val permit = passed.poll()!!
        try {
            return permit.call(action)
        } finally {
            passed.add(permit)
        }
    }

    /** The permit of a task that is running. */
    fun permitOf(index: Int): Permit? = running[index]

    override fun ended(index: Int) {
        val permit = running.remove(index) ?: return
        // What the end means for the others is not known yet, so none of them may start on this stack.
        endings.incrementAndGet()
        permit.close()
        endings.decrementAndGet()
    }

    /** Where [limiter] is that of this gate, what a body finds of it in its context. */
    fun held(
        index: Int,
        outer: HeldPermit?,
    ): HeldPermit? = running[index]?.let { HeldPermit(limiter, it, outer) }

    override fun closed() {
        isClosed = true
        waiting.get()?.cancel(false)
        closeGranted()
        notReached()
    }

    private fun closeGranted() {
        while (true) (granted.poll() ?: return).close()
    }
}

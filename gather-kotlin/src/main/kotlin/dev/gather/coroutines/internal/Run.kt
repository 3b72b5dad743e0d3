package dev.gather.coroutines.internal

import dev.gather.CancelReason
import dev.gather.FailurePolicy
import dev.gather.Limiter
import dev.gather.Outcome
import java.util.Collections
import kotlin.coroutines.cancellation.CancellationException

/**
 * One gather that runs: what both doors share.
 *
 * Tasks are not started one by one; *workers* pull them. A worker that is about to run a task first
 * asks for a *helper*, one more worker, unless one is on its way already, there is nothing left to
 * take or the limit is reached. Then it runs the task, and takes the next. So tasks that end on the
 * worker's thread cost neither a dispatch nor a coroutine, and concurrency grows exactly as fast as
 * the dispatcher or executor hands out threads. A task that suspends goes on by itself and keeps the
 * worker's permit; the worker's thread goes on with another permit, if there is one, and whoever ends
 * the task later becomes a worker with the permit of the task.
 *
 * - A *permit* is held by every task between its start and its end. It is free only while nobody
 *   wants it, so nobody ever waits for one.
 * - A *token* is held by whatever may still start or end a task: workers, suspended tasks, a helper
 *   that is on its way. The run has ended when the last token is given back.
 */
internal abstract class Run(
    val settled: Boolean,
    val policy: FailurePolicy,
    limit: Int,
    protected val events: Events?,
    source: TaskSource,
    val slots: Slots = Slots(maxOf(source.sizeHint, 0)),
) {
    val verdict: Verdict = Verdict()
    val permits: Permits = Permits(limit)
    private val tokens = Tokens()
    private val helpers = HelperCell(tokens)
    private val turns = Turns()

    /** What else has to let a task start; mostly nothing has. */
    protected var gate: Gate? = null
        set(value) {
            val other = field
            field = if (other == null || value == null) value else BothGates(value, other, this)
        }

    /** The one of the gates that others share, if there is a limiter. */
    protected var limiterGate: LimiterGate? = null
        private set
    private var cleanupErrors: MutableList<Throwable>? = null // guarded by the slots

    @Volatile private var leftAreCancelled = false

    /** Dropped at the end, so that a finished run holds no user code. */
    @Volatile
    protected var source: TaskSource? = source
        private set

    /** Whether something has decided that no further task starts. */
    abstract fun isStopped(): Boolean

    fun startsNoMore(): Boolean = isStopped() && !source!!.runsAlready

    abstract fun newWorker(): Worker

    /** Whether there is a way to get another thread. */
    protected abstract fun canCallHelper(): Boolean

    /** How many helpers may be on their way where there are many tasks. */
    protected open val helpersAtOnce: Int get() = 1

    /** Sends a helper; it must call [helperStarted]. Throws if it is refused. */
    protected abstract fun dispatchHelper(first: Boolean)

    /** Gives other work on the same threads a turn; true if the worker goes on elsewhere. */
    protected abstract fun cedeThread(worker: Worker): Boolean

    /** A worker begins to read the input, which is code of the user. */
    open fun readingBegins(worker: Worker) {}

    open fun readingEnds(worker: Worker) {}

    /** What is being read is not wanted any more. */
    protected open fun interruptReading() {}

    /** Cancels every task that is running; called once something has stopped the run. */
    abstract fun cancelRunning()

    /** The result may be delivered although tasks are still running. */
    protected abstract fun decidedEarly()

    /** Whether the result is out, so that nothing can change it any more. */
    protected abstract fun isDelivered(): Boolean

    /** The last token has been given back, perhaps by a worker: nothing is running any more. */
    protected abstract fun ended(byWorker: Boolean)

    /** Whether the result of a task keeps its permit until somebody has taken that result. */
    protected open fun keepsPermit(index: Int): Boolean = false

    /** Whether a task has been seen to before a worker takes it. */
    open fun needsNoWorker(index: Int): Boolean = false

    /** As many tasks have been taken as there are. */
    protected open fun inputIsOver() {}

    val isGated: Boolean get() = gate != null

    /** Lets a task start when [limiter] has a permit for it. */
    fun limitBy(limiter: Limiter) {
        limiterGate = LimiterGate(this, limiter).also { gate = it }
    }

    /** The code of the user that says what comes next may ask the limiter: it borrows what the worker has. */
    open fun readNext(
        source: LazySource,
        worker: Worker,
    ): Any? {
        val gate = limiterGate ?: return source.next(worker, this)
        return gate.read { source.next(worker, this) }
    }

    // ---- workers

    /** Takes and runs tasks until there are none; [first] comes with a token and a permit. */
    fun drain(first: Worker) {
        var worker = first
        var turn = turns.length
        var left = turn
        var halfway = 0L
        while (true) {
            if (!mayPass()) {
                if (yieldsPermit()) return returnToken(byWorker = true)
                continue
            }
            val item = if (startsNoMore()) TaskSource.NONE else source!!.take(worker, this)
            if (item === TaskSource.BUSY) return // whoever reads the input gives back all it had
            if (gate != null || item === TaskSource.NONE) hasTaken(worker, item)
            if (item === TaskSource.NONE) {
                revokeHelper() // it may be waiting behind work that waits for this gather
                return leave(byWorker = true)
            }
            callHelper()
            if (left == turns.half(turn)) halfway = System.nanoTime()
            val index = worker.index
            val isFree = worker.run(item)
            if (!isFree || keepsPermit(index)) {
                if (!permits.tryAcquire()) return returnToken(byWorker = true)
                if (!isFree) worker = newWorker()
            }
            if (--left == 0) {
                turn = turns.next(turn, System.nanoTime() - halfway)
                left = turn
                if (cedeThread(worker)) return
            }
        }
    }

    /** The task of this worker has ended after it had gone on by itself. */
    fun goOn(worker: Worker) {
        if (keepsPermit(worker.index) && !permits.tryAcquire()) returnToken() else drain(worker)
    }

    private fun mayPass() = gate?.tryPass() ?: true

    /** The worker found the gate shut. False if it has opened again, and the worker still has a permit. */
    private fun yieldsPermit(): Boolean {
        permits.release() // first: who opens the gate meanwhile sees either the permit or the worker's second look
        return !gate!!.isOpen() || !permits.tryAcquire()
    }

    /** A worker has asked the input for a task. */
    private fun hasTaken(
        worker: Worker,
        item: Any?,
    ) {
        if (item === TaskSource.NONE) gate?.giveBack() else gate?.taken(worker.index)
        inputHasEnded()
    }

    /** Takes note if there is nothing left to take. */
    fun inputHasEnded() {
        if (source!!.mayHaveMore()) return
        inputIsOver()
        gate?.close()
    }

    /** Before the first worker: nobody else may find out that there is nothing to take. */
    protected fun openGate() {
        val gate = gate ?: return
        gate.open()
        if (isStopped() || !source!!.mayHaveMore()) gate.close()
    }

    /**
     * Asks for one more worker where that is of use.
     *
     * @return whether it was refused a thread
     */
    fun callHelper(first: Boolean = false): Boolean {
        val input = source ?: return false
        if (!canCallHelper() || gate?.isOpen() == false) return false
        val isRefused = callHelper(input, 1, first)
        // Of many tasks that each take their thread, one after the other would be slow to start.
        if (helpers.isComing() && input.taken() >= MANY) callHelper(input, helpersAtOnce, first)
        return isRefused
    }

    private fun callHelper(
        input: TaskSource,
        most: Int,
        first: Boolean,
    ): Boolean {
        if (!helpers.hasRoom(most) || !permits.anyFree() || !input.mayHaveMore()) return false
        if (!helpers.tryCall(most)) return false
        try {
            dispatchHelper(first)
            if (isStopped()) revokeHelper() // whoever stopped the run may have come too early for that
            return false
        } catch (refusal: Throwable) {
            helperRefused(refusal)
            return true
        }
    }

    /** Something that kept tasks from starting is over, as far as somebody outside the run can tell. */
    open fun invite() {
        if (!tryTakeToken()) return
        bringHelper()
        returnToken()
    }

    /** Where no worker is at work: each refusal fails one task, until a helper is accepted. */
    fun bringHelper() {
        do {
            val isRefused = !isStopped() && callHelper(first = true)
        } while (isRefused)
    }

    /** The helper has a thread, and is this worker. */
    fun helperStarted(worker: Worker) {
        if (!helpers.tryArrive()) return // revoked, or refused
        if (permits.tryAcquire()) drain(worker) else returnToken(byWorker = true)
    }

    /** The helper came back on the thread that called it, which has a task to run. */
    fun helperSentBack() {
        if (helpers.tryArrive()) returnToken()
    }

    /** The helper was refused on the spot; whoever called it holds a token. */
    private fun helperRefused(refusal: Throwable) {
        if (!helpers.tryArrive()) return
        if (!permits.tryAcquire()) return returnToken()
        if (failNext(newWorker(), refusal)) leave()
    }

    /** The helper was refused after it had been sent: perhaps nobody else is left to go on. */
    fun helperRefusedLater(refusal: Throwable) {
        if (!helpers.tryArrive()) return
        if (permits.tryAcquire()) workerRefused(newWorker(), refusal) else returnToken()
    }

    /** A worker that had given up its thread for a while did not get another. */
    fun workerRefused(
        worker: Worker,
        refusal: Throwable,
    ) {
        if (!failNext(worker, refusal)) return
        permits.release() // first: it may be the only one
        bringHelper()
        returnToken()
    }

    /**
     * There is no thread for a task: that is its failure.
     *
     * @return whether the worker still has its permit and token
     */
    private fun failNext(
        worker: Worker,
        refusal: Throwable,
    ): Boolean {
        if (isStopped() || !mayPass()) return true
        val item = source!!.take(worker, this)
        if (item === TaskSource.BUSY) return false
        if (gate != null) hasTaken(worker, item)
        if (item === TaskSource.NONE) return true
        worker.refuse(item, refusal)
        if (!keepsPermit(worker.index) || permits.tryAcquire()) return true
        returnToken()
        return false
    }

    /** A task has ended on a thread that is not ours to run bodies on. */
    fun taskLeft(index: Int) {
        if (!keepsPermit(index)) permits.release()
        bringHelper()
    }

    /** A helper that is still waiting for a thread is not waited for, unless too many are left behind. */
    protected fun revokeHelper() {
        if (!helpers.isComing() || !mayLeaveHelper()) return
        val left = helpers.revoke()
        if (left > 0) helperLeft()
        repeat(left) { returnToken() }
    }

    protected open fun mayLeaveHelper(): Boolean = true

    /** The helper that is on its way has nothing to do with this run any more. */
    protected open fun helperLeft() {}

    fun takeToken() {
        tokens.take()
    }

    /** For what is not a part of the run but must be over before it ends; false if it has ended. */
    fun tryTakeToken(): Boolean = tokens.tryTake()

    /** Whether nothing is running or on its way, as far as the one who starts the run can tell. */
    protected fun isIdle(): Boolean = tokens.isLast

    /** Whether the last token has been given back. */
    protected fun isOver(): Boolean = tokens.isNone

    /** @param byWorker whether it is a worker between two tasks, so that no body is further down its stack */
    fun returnToken(byWorker: Boolean = false) {
        if (tokens.giveBack()) ended(byWorker)
    }

    fun leave(byWorker: Boolean = false) {
        permits.release()
        returnToken(byWorker)
    }

    /** A worker has left because another was reading the input; that one gives back what it had. */
    fun leaveBusyInput() {
        gate?.giveBack()
        leave()
    }

    // ---- outcomes

    fun succeeded(
        index: Int,
        value: Any?,
        startNanos: Long,
    ) {
        val cell = if (isStopped() && !isLeaving()) Cell.STOPPED else Cell.ofValue(value)
        slots.end(index, cell)
        gate?.ended(index)
        events?.ended(index, nameOf(index), cell, verdict.stop(), startNanos)
    }

    fun failed(
        index: Int,
        error: Throwable,
        startNanos: Long,
    ) {
        val stopped = isStopped()
        val selfCancelled = !stopped && error is CancellationException
        val cell =
            when {
                // A fatal error is no outcome. What a task threw by itself is a failure, before and after
                // another one has stopped the run: no failure is lost.
                isFatal(error) -> Cell.FATAL
                selfCancelled -> Cell.SELF_CANCELLED
                !stopped -> Cell.Failed(error)
                isCancellation(error) -> Cell.STOPPED
                verdict.stop() == CancelReason.OTHER_FAILED -> Cell.Failed(error)
                else -> Cell.STOPPED
            }
        slots.end(index, cell)
        gate?.ended(index)
        events?.ended(index, nameOf(index), cell, verdict.stop(), startNanos)
        if (Cell.isFailure(cell)) gate?.failed(index)
        when {
            isFatal(error) -> fail(index, error, fatal = true)
            !stopped -> if (!settled) fail(index, error)
            isCancellation(error) -> Unit
            cell === Cell.STOPPED -> cleanupFailed(index, error)
            hasLeft() -> events?.dropped(index, nameOf(index), error)
        }
    }

    /** A task will not start any more although it was taken. */
    fun neverStarted(index: Int) {
        slots.end(index, Cell.NEVER_STARTED)
        gate?.ended(index)
        events?.ended(index, nameOf(index), Cell.NEVER_STARTED, verdict.stop(), 0)
    }

    /** Reading the input threw: that fails the gather in every mode. */
    fun inputFailed(error: Throwable) {
        if (!isStopped()) fail(-1, error, fatal = true) // else reading was interrupted
    }

    /** An error that no outcome carries. */
    fun cleanupFailed(
        index: Int,
        error: Throwable,
    ) {
        synchronized(slots) {
            val errors = cleanupErrors ?: ArrayList<Throwable>().also { cleanupErrors = it }
            errors.add(error)
        }
        events?.dropped(index, nameOf(index), error)
    }

    private fun fail(
        index: Int,
        cause: Throwable,
        fatal: Boolean = false,
    ) {
        if (fatal && isDelivered()) {
            events?.dropped(index, nameOf(index), cause) // too late to fail the gather with it
            return
        }
        if (!verdict.tryFail(Verdict.FirstFailure(index, nameOf(index), cause, fatal))) {
            if (!fatal) return // it is an outcome
            cleanupFailed(index, cause)
        }
        if (fatal) {
            if (!stop(CancelReason.OTHER_FAILED)) cancelRunning() // it may have been about to leave the others
        } else if (policy == FailurePolicy.CANCEL_OTHERS) {
            stop(CancelReason.OTHER_FAILED)
        } else if (policy == FailurePolicy.LEAVE_OTHERS && verdict.tryStop(CancelReason.OTHER_FAILED)) {
            revokeHelper()
            gate?.close()
            interruptReading()
            decidedEarly()
        }
    }

    /** Nothing starts any more, and what is running is cancelled. */
    fun stop(reason: CancelReason): Boolean {
        if (!verdict.tryStop(reason)) return false
        revokeHelper()
        cancelRunning()
        gate?.close()
        return true
    }

    /** Whether the run was over before its last task, and left what was still running to run on. */
    protected fun hasLeft(): Boolean =
        policy == FailurePolicy.LEAVE_OTHERS &&
            verdict.stop() == CancelReason.OTHER_FAILED &&
            verdict.failure()?.fatal == false

    protected fun isLeaving(): Boolean = hasLeft() && !leftAreCancelled

    /** The owner of what was left to run on cancels it after all. */
    protected fun stopLeaving() {
        leftAreCancelled = true
    }

    /** So many tasks have failed that the rest cannot make up for it. */
    fun failedAltogether(first: Verdict.FirstFailure) {
        if (isStopped() || !verdict.tryFail(first)) return
        stop(CancelReason.OTHER_FAILED)
    }

    /** How many tasks there are; -1 while nobody knows. */
    fun total(): Int = source?.total ?: -1

    // ---- the end

    /** How many tasks there are, as far as anybody knows. */
    protected fun size(input: TaskSource = source!!): Int = if (input.total >= 0) input.total else input.taken()

    /** How every task ended, or what will become of it. */
    protected open fun outcomes(): List<Outcome<Any?>> {
        val taken = source!!.taken()
        val stop = verdict.stop()
        val outcomes =
            List(size()) {
                val index = originalOf(it)
                Cell.toOutcome(slots.get(index), index < taken, stop)
            }
        return Collections.unmodifiableList(outcomes)
    }

    /** The earlier place whose task is that of this place too; mostly the place itself. */
    open fun originalOf(index: Int): Int = index

    /** The later places that share the result of this one. */
    open fun repeatsOf(index: Int): List<Int> = emptyList()

    /** Every value, without a copy; only when all tasks have succeeded and nothing runs any more. */
    protected fun values(): List<Any?> {
        val size = size()
        for (i in 0 until size) {
            if (slots.get(i) === Cell.NULL) slots.clear(i)
        }
        return slots.asList(size)
    }

    /** Those that never started have ended too, so that the number of ends reaches the total. */
    protected fun settleNeverStarted() {
        if (verdict.stop() == null) return
        for (i in source!!.taken() until size()) {
            if (slots.get(i) == null) neverStarted(i) // what needs no worker may have ended
        }
    }

    /** What the user calls the task at this place, if anything; looked up only where somebody wants to know. */
    protected open fun nameOf(index: Int): String? = source!!.nameOf(index)

    protected fun cleanupErrors(): List<Throwable> = synchronized(slots) { cleanupErrors?.toList() ?: emptyList() }

    /** After this the run holds neither the input nor a body. */
    protected fun dropSource() {
        source = null
    }

    private companion object {
        /** After so many tasks it is worth the while to grow faster. */
        const val MANY = 16
    }
}

/** Runs tasks of one [Run]; at any time for one task, whose number is [index]. */
internal interface Worker {
    var index: Int

    /**
     * Runs the task. True: it has ended, and the worker may be used again. False: it goes on by itself,
     * with the worker's permit and a token of its own, and the worker belongs to it.
     */
    fun run(item: Any?): Boolean

    /** The task has no thread to run on. */
    fun refuse(
        item: Any?,
        refusal: Throwable,
    )
}

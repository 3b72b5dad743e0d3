package dev.gather.coroutines.internal

import dev.gather.FailurePolicy
import dev.gather.Limiter
import dev.gather.threads.HeldPermits

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
    settled: Boolean,
    policy: FailurePolicy,
    limit: Int,
    events: Events?,
    source: TaskSource,
    slots: Slots = Slots(maxOf(source.sizeHint, 0)),
) : Endings(settled, policy, events, source, slots) {
    val permits: Permits = Permits(limit)
    private val tokens = Tokens()
    private val helpers = HelperCell(tokens)
    private val turns = Turns()

    /** The one of the gates that others share, if there is a limiter. */
    protected var limiterGate: LimiterGate? = null
        private set

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

    /** The last token has been given back, perhaps by a worker: nothing is running any more. */
    protected abstract fun ended(byWorker: Boolean)

    /** Whether the result of a task keeps its permit until somebody has taken that result. */
    protected open fun keepsPermit(index: Int): Boolean = false

    /** Whether a task has been seen to before a worker takes it. */
    open fun needsNoWorker(index: Int): Boolean = false

    /** As many tasks have been taken as there are. */
    protected open fun inputIsOver() {}

    val isGated: Boolean get() = gate != null

    /**
     * Lets a task start when [limiter] has a permit for it: the last gate, because others want that permit while
     * a task has to wait at another.
     */
    fun limitBy(limiter: Limiter) {
        val last = LimiterGate(this, limiter)
        limiterGate = last
        gate = gate?.let { BothGates(it, last, this) } ?: last
    }

    /** One more gate that a task has to pass, before those that are there. */
    protected fun addGate(first: Gate) {
        gate = gate?.let { BothGates(first, it, this) } ?: first
    }

    /** Whether a worker that came now would find something to take, as far as one can tell without a look. */
    fun isInputReady(): Boolean = source?.let { it.mayHaveMore() && !it.isBeingRead && !startsNoMore() } ?: false

    /** Whether there is something that this worker can take, or [leave][leaveNext]. */
    fun isNextThere(worker: Worker): Boolean = source!!.isNextThere(worker, this)

    fun leaveNext(worker: Worker) = source!!.leaveNext(worker, this)

    /** The code of the user that says what comes next may ask the limiter: it borrows what the worker has. */
    fun readNext(
        source: LazySource,
        worker: Worker,
    ): Any? {
        val gate = limiterGate ?: return source.next(worker, this)
        return gate.read { source.next(worker, this) }
    }

    /** What the caller holds of limiters: reading the input is a part of its work. */
    open val held: HeldPermits? get() = null

    // ---- workers

    /** Takes and runs tasks until there are none; [first] comes with a token and a permit. */
    fun drain(first: Worker) {
        var worker = first
        var turn = turns.length
        var left = turn
        var halfway = 0L
        while (true) {
            if (!mayPass(worker)) {
                if (!yieldsPermit()) continue
                if (!source!!.mayHaveMore()) revokeHelper()
                return returnToken(byWorker = true)
            }
            val item = take(worker)
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

    private fun take(worker: Worker): Any? {
        if (!startsNoMore()) return source!!.take(worker, this)
        leaveNext(worker)
        return TaskSource.NONE
    }

    private fun mayPass(worker: Worker) = gate?.tryPass(worker) ?: true

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
        if (isStopped() || !mayPass(worker)) return true
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
    override fun revokeHelper() {
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

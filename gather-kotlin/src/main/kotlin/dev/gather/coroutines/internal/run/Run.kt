package dev.gather.coroutines.internal.run

import dev.gather.CancelReason
import dev.gather.coroutines.internal.cells.Places
import dev.gather.coroutines.internal.cells.Tokens
import dev.gather.coroutines.internal.run.Threads.From

/**
 * One gather that runs: who is at work on it. What comes in, who may start, how a body runs, what an end
 * means and where results go are its parts, which are there before it is.
 *
 * Tasks are not started one by one; *workers* pull them. A worker that is about to run a task first
 * asks for a *helper*, one more worker, unless one is on its way already, there is nothing left to
 * take or the limit is reached. Then it runs the task, and takes the next. So tasks that end on the
 * worker's thread cost neither a dispatch nor a coroutine, and concurrency grows exactly as fast as
 * the dispatcher or executor hands out threads. A task that suspends goes on by itself and keeps the
 * worker's place; the worker's thread goes on with another place, if there is one, and whoever ends
 * the task later becomes a worker with the place of the task.
 *
 * - A *place* under the limit ([places]) is held by every task between its start and its end. It is free only
 *   while nobody wants it, so nobody ever waits for one.
 * - A *token* is held by whatever may still start or end a task: workers, suspended tasks, a helper
 *   that is on its way. The run has ended when the last token is given back.
 * - Whenever a task could start, somebody is at work who will look, or a helper is on its way, or the token of one
 *   that was refused is parked in [Refusals]. Whoever lets go looks again: see there.
 */
internal class Run(
    limit: Int,
    source: Source,
    val admission: Admission?,
    threads: Threads,
    val bodies: Bodies,
    val ledger: Ledger,
    val delivery: Delivery,
) {
    val places: Places = Places.of(limit)
    val tokens: Tokens = Tokens()
    val helpers: HelperCalls = HelperCalls(threads, tokens)
    private val turns = if (source.total in 0..Turns.FEW) Turns.ENDLESS else Turns()

    /** Dropped at the end, so that a finished run holds no code of a user. */
    @Volatile
    var source: Source? = source
        private set

    /** Whether somebody wants to know how each task ends, and how long it took. */
    val hearsEnds: Boolean get() = ledger.isHeard || delivery.hearsEnds

    // ---- what has been decided

    /** Whether something has decided that no further task starts. */
    fun isStopped(): Boolean = ledger.stop() != null || bodies.isCancelled(this)

    fun startsNoMore(): Boolean = isStopped() && source?.runsAlready != true

    /** Nothing starts any more, and what is running is cancelled. */
    fun stop(reason: CancelReason): Boolean {
        if (!ledger.tryStop(reason)) return false
        stopped()
        return true
    }

    /** The same, where it has been decided already. */
    fun stopped() {
        startNothing()
        bodies.cancelRunning(this)
    }

    /** Nothing starts any more, and what is running is left to itself. */
    fun left() {
        startNothing()
        bodies.interruptReading()
        delivery.decidedEarly(this)
    }

    private fun startNothing() {
        helpers.revoke(this)
        admission?.close(this) // before hooks: they may wait for what is kept in there
        if (helpers.takeRefused()) returnToken()
    }

    /** Calls code of a user that is a part of the gather and of no task. */
    fun asking(action: () -> Any?): Any? = if (admission == null) action() else admission.asking(action)

    fun nameOf(index: Int): String? = source?.nameOf(index)

    // ---- start

    /** The calling thread holds the first token, and may hold a place with which it is the first worker. */
    fun start(asWorker: Boolean) {
        openAdmission()
        if (!asWorker) helpers.sendFirst(this)
        if (asWorker && places.tryAcquire()) drain(bodies.newWorker(this)) else returnToken()
    }

    /** Before the first worker: nobody else may find out that there is nothing to take. */
    private fun openAdmission() {
        val admission = admission ?: return
        admission.open(this)
        if (isStopped()) admission.close(this) else inputHasEnded()
    }

    /** Without any time only what is done already counts. */
    fun startTooLate() {
        openAdmission()
        tokens.take()
        if (source!!.mayHaveMore() && !source!!.runsAlready) stop(CancelReason.TIMEOUT)
        places.tryAcquire()
        drain(bodies.newWorker(this))
        if (!tokens.isLast) stop(CancelReason.TIMEOUT)
        returnToken()
    }

    /** Whether workers can come from elsewhere. */
    val hasOtherThreads: Boolean get() = helpers.threads.hasOthers

    // ---- workers

    /** Takes and runs tasks until there are none; [first] comes with a token and a place. */
    fun drain(first: Worker) {
        var worker = first
        var left = turns.stride
        var begun = turns.begin()
        var looked = begun
        var suspended = 0
        while (true) {
            val item = take(worker)
            if (item === Source.BUSY) return // whoever reads the input gives back all it had
            if (item === Source.SHUT) {
                places.release() // first: who opens meanwhile sees either the place or the worker's second look
                if (isReady() && places.tryAcquire() || goesOn()) continue
                return
            }
            if (item === Source.NONE) return goesHome()
            if (admission != null) inputHasEnded() // there may be nobody who would ask once more
            helpers.callBeside(this)
            val index = worker.index
            val next = worker.run(item)
            if (next == null && !worker.tryGoOn()) return
            if (helpers.threads.isForOne) return leaves(freesPlace = next != null && !delivery.keepsPlace(index))
            if ((next == null || delivery.keepsPlace(index)) && !places.tryAcquire() && !goesOn()) return
            worker = next ?: worker.successor()
            if (next == null && helpers.threads.isTheirs && ++suspended >= turns.crowd) {
                suspended = 0
                turns.makesWay(tokens.held(), System.nanoTime())
                if (helpers.makesWay(this, toAll = true)) return
            }
            if (--left == 0) {
                val now = System.nanoTime()
                if (looked != 0L) turns.took(now - looked)
                left = if (looked == 0L) 1 else turns.stride // how slow these are is not known yet
                looked = now
                if (begun == 0L) {
                    begun = now
                } else if (turns.isOver(now - begun)) {
                    if (helpers.makesWay(this, toAll = false)) return
                    begun = now
                }
            }
        }
    }

    /** A worker has run a task, and who takes the next has another thread. */
    private fun leaves(freesPlace: Boolean) {
        if (freesPlace) places.release()
        inputHasEnded()
        if (source!!.mayHaveMore() || admission != null) invite() else helpers.revoke(this)
        returnToken(byWorker = true)
    }

    /** A worker has found nothing left to take. */
    private fun goesHome() {
        inputHasEnded()
        helpers.revoke(this) // it may be waiting behind work that waits for this gather
        places.release()
        returnToken(byWorker = true)
    }

    fun take(worker: Worker): Any? {
        if (startsNoMore()) return Source.NONE
        return if (admission == null) source!!.take(worker, this) else admission.take(worker, this)
    }

    /** A worker has no place any more. True if it is needed after all, and has one again. */
    private fun goesOn(): Boolean {
        while (!giveBack(byWorker = true) && helpers.takeRefused()) {
            if (canUseHelp() && places.tryAcquire()) return true // with the token that was parked
        }
        return false
    }

    /** A task has ended after it had gone on by itself, on a thread that is good for the next. */
    fun goOn(index: Int) {
        if (delivery.keepsPlace(index) && !places.tryAcquire() && !goesOn()) return
        when {
            admission == null && (startsNoMore() || !source!!.mayHaveMore()) -> goesHome()
            isLookedAfter() -> leavesToOthers()
            else -> drain(bodies.newWorker(this))
        }
    }

    /**
     * Whether another worker is certainly about to look for tasks, and this one has no place that would be idle meanwhile.
     * Tasks that have suspended go on before others are started then, while what they have is still near.
     */
    private fun isLookedAfter() = admission == null && !places.areCounted() && helpers.isTaken

    private fun leavesToOthers() {
        helpers.watch(this)
        returnToken(byWorker = true)
    }

    /** A task has ended on a thread that is not ours to run bodies on; the token of the task is given back. */
    fun taskLeft(index: Int) {
        if (!delivery.keepsPlace(index)) places.release()
        invite()
        returnToken()
    }

    /** A worker has left because another was reading the input; that one gives back what it had. */
    fun leaveBusyInput() {
        places.release()
        returnToken()
    }

    /** Takes note if there is nothing left to take. */
    fun inputHasEnded() {
        val input = source ?: return
        if (input.mayHaveMore()) return
        if (delivery.inputIsOver(this)) stopped()
        admission?.inputHasEnded(this)
    }

    // ---- who comes to help

    /** Whether a worker that came now would find something to do, as far as one can tell without a look. */
    fun canUseHelp(): Boolean = places.anyFree() && !startsNoMore() && isReady()

    fun isReady(): Boolean = admission?.isOpen(this) ?: source?.isReady() ?: false

    /** Something that kept tasks from starting is over, as far as somebody can tell who is no worker. */
    fun invite() = helpers.invite(this)

    /** The helper has a thread, and is this worker. */
    fun helperStarted(worker: Worker) {
        if (!helpers.hasArrived()) return
        if (turns.isAway) turns.comesBack(tokens.held(), System.nanoTime())
        if (places.tryAcquire() || goesOn()) drain(worker)
    }

    // ---- tokens

    fun returnIdleToken() {
        if (!gaveBack(tokens.giveBackIdle(), byWorker = false)) helpers.lookAgain()
    }

    /** @param byWorker whether it is a worker between two tasks, so that no body is further down its stack */
    fun returnToken(byWorker: Boolean = false) {
        if (!giveBack(byWorker)) helpers.lookAgain()
    }

    /** True if that was the last one. */
    fun giveBack(byWorker: Boolean = false): Boolean = gaveBack(tokens.giveBack(), byWorker)

    private fun gaveBack(
        isLast: Boolean,
        byWorker: Boolean,
    ): Boolean {
        if (isLast) {
            ended(byWorker)
        } else if (tokens.isRestGivenUp()) {
            delivery.graceIsOver(this)
        }
        return isLast
    }

    // ---- the end

    private fun ended(byWorker: Boolean) {
        val source = source!!
        delivery.inputIsOver(this)
        bodies.ended(this)
        val waiting = admission?.leftOver() ?: -1
        if (waiting >= 0) ledger.neverStarted(this, waiting)
        ledger.settleNeverStarted(this, source)
        delivery.conclude(this, byWorker)
        helpers.leave(this)
    }

    /** After this the run holds neither the input nor a body. */
    fun forget() {
        source = null
    }
}

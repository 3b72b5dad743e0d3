package dev.gather.coroutines.internal.run

import dev.gather.coroutines.internal.cells.HelperCell
import dev.gather.coroutines.internal.cells.Tokens
import dev.gather.coroutines.internal.run.Threads.From

/** The workers that have been sent for and have not come yet, and what becomes of those that get no thread. */
internal class HelperCalls(
    val threads: Threads,
    private val tokens: Tokens,
) : HelperCell(tokens) {
    /** Only where a helper has been refused. */
    @Volatile private var refusals: Refusals? = null

    private val isAnyParked: Boolean get() = refusals?.isParked == true

    // ---- sending

    /**
     * Two at once, announced before the first is sent: on an executor that blocks its caller when it is full, workers
     * find that one is coming and do not wait there for their own thread. And to wake a second thread takes the first
     * longer than many a task.
     */
    fun sendFirst(run: Run) {
        if (!run.canUseHelp()) return
        val isFirst = tryCall(2)
        val isSecond = isFirst && run.places.anyFree(2) && run.source!!.total != 1 && tryCall(2)
        if (isFirst) order(run, From.CALLER)
        if (isSecond) order(run, From.CALLER)
        if (run.isStopped()) revoke(run)
    }

    /** Before a worker is busy with a task: asks for one more where that is of use. */
    fun callBeside(run: Run) {
        if (!threads.hasOthers || !hasRoom(threads.ahead) || !run.places.anyFree()) return
        if (!run.isReady() || isAnyParked) return
        send(run, 1, From.WORKER)
        // Of many tasks that each take their thread, one after the other would be slow to start.
        if (threads.ahead > 1 && isComing() && run.source!!.taken() >= MANY) send(run, threads.ahead, From.WORKER)
    }

    fun send(
        run: Run,
        most: Int,
        from: From,
    ) {
        if (!tryCall(most)) return
        order(run, from)
        if (run.isStopped()) revoke(run) // whoever stopped the run may have come too early for that
    }

    fun invite(run: Run) {
        if (!run.canUseHelp()) return
        if (isComing()) return watch(run)
        if (isAnyParked || !tokens.tryTake()) return
        threads.asNobody {
            if (run.canUseHelp()) send(run, 1, From.NOBODY)
            run.returnToken()
        }
    }

    /** One more try to send a helper, on a thread that may; false if that was refused at once. */
    fun trySend(run: Run): Boolean {
        if (tryCall(1)) order(run, From.NOBODY)
        return !isAnyParked
    }

    private fun order(
        run: Run,
        from: From,
    ) {
        threads.send(run, from)
        if (!from.isWorker) watch(run) // nobody else may be there
    }

    // ---- making way

    /**
     * Until when the helper that is coming is to come last; 0 if it need not. Threads of kotlinx run what was dispatched
     * last before all the rest. Those of a pool do not, and there may be no room in its queue.
     */
    @Volatile private var goesRoundUntil = 0L

    /**
     * Gives other work on the same threads a turn; true if the worker has left its thread to that.
     *
     * @param toAll whether to all that waits there by now
     */
    fun makesWay(
        run: Run,
        toAll: Boolean,
    ): Boolean {
        if (!threads.isQueue) {
            if (threads.hasOthers) Thread.yield() // a virtual thread is not preempted
            return false
        }
        if (!run.source!!.mayHaveMore()) return false
        run.places.release()
        if (!isComing()) {
            send(run, 1, if (toAll) From.LEAVING else From.WORKER)
        } else if (toAll && threads.service == null) {
            goesRoundUntil = System.nanoTime() + Turns.TURN_NANOS
        }
        if (!isToBeTrusted && run.places.tryAcquire()) return false
        watch(run)
        run.returnToken(byWorker = true)
        return true
    }

    /**
     * Whether the helper that has a thread leaves that to what waits for it, and comes once more; told once. If it has come
     * within a turn, that is: else others have had theirs.
     */
    fun goesRound(): Boolean {
        val until = goesRoundUntil
        if (until == 0L) return false
        goesRoundUntil = 0
        return System.nanoTime() - until < 0
    }

    // ---- on their way

    /**
     * Whether one is coming that will not be refused. Of one that an executor keeps waiting that is not known, but to
     * make way is what such an executor needs.
     */
    val isToBeTrusted: Boolean get() = isTaken || (isComing() && threads.isKeptWaiting)

    /** The caller leaves, and may leave nobody but helpers that are coming. */
    fun watch(run: Run) {
        if (threads.service != null && isComing()) Lookout.watch(run)
    }

    fun leave(run: Run) {
        threads.leave()
        if (threads.service != null) Lookout.leave(run)
    }

    // ---- coming

    /** A helper has a thread; false if it is not waited for any more. */
    fun hasArrived(): Boolean {
        if (!tryArrive()) return false
        refusals?.heardOfArrival()
        return true
    }

    /** The helper came back on the thread that called it, which has a task to run. */
    fun sentBack(run: Run) {
        if (tryArrive()) run.returnToken()
    }

    /** The helper did not get a thread. */
    fun refused(
        run: Run,
        refusal: Throwable,
    ) {
        if (!tryArrive()) return
        val known = refusals ?: synchronized(tokens) { refusals ?: Refusals(run).also { refusals = it } }
        known.park(refusal)
    }

    /** Those that are still waiting for a thread are not waited for. */
    fun revoke(run: Run) {
        if (!isComing()) return
        val left = revoke()
        if (left > 0) threads.leave()
        repeat(left) { run.returnToken() }
    }

    // ---- refused

    /** Whether the token of one that was refused is the caller's now. */
    fun takeRefused(): Boolean = refusals?.tryTake() == true

    /** Somebody has given back a token: one that was refused may get a thread now. */
    fun lookAgain() {
        refusals?.lookAgain()
    }

    private companion object {
        /** After so many tasks it is worth the while to grow faster. */
        const val MANY = 16
    }
}

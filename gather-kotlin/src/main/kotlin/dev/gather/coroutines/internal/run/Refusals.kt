package dev.gather.coroutines.internal.run

import dev.gather.threads.DaemonThreads
import dev.gather.threads.Timer
import java.util.concurrent.atomic.AtomicBoolean

/**
 * What becomes of helpers that get no thread. That fails nothing while anybody of the run is left to go on: mostly
 * the thread it would have had is that of a worker which is just leaving it.
 *
 * The token of the one that was refused is *parked* here, at most one, so the run does not end meanwhile. Whoever
 * gives back a token looks here afterwards, takes the parked one if there is one, and tries again; whoever parks
 * looks afterwards whether there is anybody else. One of the two sees the other. Where there is nobody, it is tried
 * again after a while, for a time that is long for a thread on its way back into its pool; then the refusal is the
 * failure of one task, and so of each task until a helper is accepted.
 */
internal class Refusals(
    private val run: Run,
) {
    /*
     *             park                 tryTake
     *   NONE ──────────────► PARKED ──────────────► NONE (and so on)
     *          park where one is PARKED: the second token is given back
     *
     * tryTake: who has given back a token, a worker that would leave, the timer, who stops the run, and who has parked
     * and finds nobody else. Of those one has it.
     */
    private val parked = AtomicBoolean()
    private val hasTimer = AtomicBoolean()

    @Volatile private var refusal: Throwable? = null

    /** When it has been refused for too long; 0 if the last one was not refused. */
    @Volatile private var patience = 0L

    @Volatile private var pause = SHORTEST_PAUSE

    val isParked: Boolean get() = parked.get()

    /** Whether the parked token is the caller's now. */
    fun tryTake(): Boolean = parked.get() && parked.compareAndSet(true, false)

    /** A helper has come: that is what was waited for. */
    fun heardOfArrival() {
        patience = 0
        pause = SHORTEST_PAUSE
    }

    /** A helper was refused; its token is the caller's. */
    fun park(refusal: Throwable) {
        this.refusal = refusal
        if (patience == 0L) patience = System.nanoTime() + PATIENCE
        if (!parked.compareAndSet(false, true)) return run.returnToken()
        if (run.isStopped()) {
            if (tryTake()) run.returnToken()
            return
        }
        tryLater()
    }

    private fun tryLater() {
        if (!hasTimer.compareAndSet(false, true)) return
        val delay = pause
        pause = minOf(2 * delay, LONGEST_PAUSE)
        Timer.schedule(delay, DaemonThreads.EXECUTOR) {
            hasTimer.set(false)
            if (tryTake()) look()
        }
    }

    /** Somebody has given back a token: if one is parked, it is looked once more whether a helper gets a thread. */
    fun lookAgain() {
        if (tryTake()) run.helpers.threads.asNobody(::look)
    }

    /** With a token, which is given back or parked. */
    private fun look() {
        while (true) {
            if (!run.canUseHelp() || run.helpers.trySend(run)) return run.returnToken()
            // The token of the helper is parked.
            run.giveBack()
            if (System.nanoTime() - patience < 0 || !run.tokens.isForsaken() || !tryTake()) return
            if (!failNext()) return
        }
    }

    /** There is no thread for a task, which is its failure; false if the token is not ours any more. */
    private fun failNext(): Boolean {
        if (!run.places.tryAcquire()) return true
        val worker = run.bodies.newWorker(run)
        val item = run.take(worker)
        if (item === Source.BUSY) return false
        val isTask = item !== Source.NONE && item !== Source.SHUT
        if (isTask) worker.refuse(item, refusal!!)
        if (!isTask || !run.delivery.keepsPlace(worker.index)) run.places.release()
        run.inputHasEnded()
        return true
    }

    private companion object {
        const val SHORTEST_PAUSE = 50_000L
        const val LONGEST_PAUSE = 20_000_000L
        const val PATIENCE = 50_000_000L
    }
}

package dev.gather.coroutines.internal

import java.time.Duration

/** Lets one task start after another: the next when the one before has failed, or has been running for so long. */
internal class StaggerGate(
    run: Run,
    private val delay: Duration,
    private val schedule: (Duration, Runnable) -> Runnable,
) : Gate(run) {
    // All guarded by this; no code of a user runs inside.
    private var passed = 0

    /** How many may pass by now. */
    private var admitted = 1

    /** The task that started last, and how many had passed by then. */
    private var latest = -1
    private var turn = 0
    private var timer: Runnable? = null
    private var isClosed = false

    override fun tryPass(worker: Worker): Boolean =
        synchronized(this) {
            if (passed == admitted) return false
            passed++
            true
        }

    override fun giveBack(): Unit =
        synchronized(this) {
            passed--
        }

    override fun isOpen(): Boolean = synchronized(this) { passed < admitted }

    override fun taken(index: Int) {
        synchronized(this) {
            if (run.originalOf(index) != index) {
                passed-- // not a task of its own
                return
            }
            latest = index
            turn = passed
            val own = turn
            if (Cell.isFailure(run.slots.get(index))) {
                tryAdmitAfter(own) // it was running before
            } else if (!isClosed) {
                timer = schedule(delay) { if (tryAdmitAfter(own)) run.invite() }
            }
        }
    }

    override fun failed(index: Int) {
        synchronized(this) { if (index == latest) tryAdmitAfter(turn) }
    }

    /** Unless another reason has done so before. */
    private fun tryAdmitAfter(turn: Int): Boolean =
        synchronized(this) {
            if (admitted != turn || passed != turn) return false
            admitted++
            timer?.run()
            true
        }

    override fun closed() {
        synchronized(this) {
            isClosed = true
            timer?.run()
        }
    }
}

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
    private var latest = -1
    private var timer: Runnable? = null

    override fun tryPass(): Boolean =
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
            latest = index
            val turn = passed
            timer = schedule(delay) { admitAfter(turn) }
        }
    }

    override fun ended(
        index: Int,
        cell: Any,
    ) {
        val hasFailed = cell is Cell.Failed || cell === Cell.SELF_CANCELLED
        val turn = synchronized(this) { if (hasFailed && index == latest) passed else return }
        admitAfter(turn)
    }

    /** Unless another reason has done so before. */
    private fun admitAfter(turn: Int) {
        synchronized(this) {
            if (admitted != turn || passed != turn) return
            admitted++
            timer?.run()
        }
        run.invite()
    }

    override fun closed() {
        synchronized(this) { timer?.run() }
    }
}

package dev.gather.coroutines.internal.admission

import dev.gather.coroutines.internal.run.Run
import dev.gather.coroutines.internal.run.Worker
import dev.gather.threads.Clock

/** Lets one task start after another: the next when the one before has failed, or has been running for so long. */
internal class StaggerGate(
    private val delayNanos: Long,
    private val clock: Clock,
) : Gate {
    // All guarded by this; no code of a user runs inside.
    private var passed = 0

    /** How many may pass by now. */
    private var admitted = 1

    /** The task that started last. */
    private var latest = -1
    private var timer: Runnable? = null
    private var isClosed = false

    override fun tryPass(
        run: Run,
        worker: Worker,
    ): Boolean =
        synchronized(this) {
            if (passed == admitted) return false
            passed++
            true
        }

    override fun isOpen(): Boolean = synchronized(this) { passed < admitted }

    override fun started(
        run: Run,
        index: Int,
    ): Unit =
        synchronized(this) {
            latest = index
            val turn = passed
            if (!isClosed) timer = clock.schedule(delayNanos) { if (tryAdmitAfter(turn)) run.invite() }
        }

    override fun ended(
        index: Int,
        hasFailed: Boolean,
    ) {
        if (hasFailed) synchronized(this) { if (index == latest) tryAdmitAfter(passed) }
    }

    /** Unless another reason has done so before. */
    private fun tryAdmitAfter(turn: Int): Boolean =
        synchronized(this) {
            if (admitted != turn || passed != turn) return false
            admitted++
            timer?.run()
            true
        }

    override val waitsFor: String get() = "its turn"

    override fun close(): Unit =
        synchronized(this) {
            isClosed = true
            timer?.run()
        }
}

package dev.gather.coroutines.internal.cells

import org.jetbrains.lincheck.datastructures.Operation
import org.jetbrains.lincheck.datastructures.Validate
import java.util.concurrent.atomic.AtomicIntegerArray

/**
 * Interrupt × giving up × end of a body: each body knows whether it was interrupted and given up, and leaves no
 * interrupt to what comes after it. What a body is told depends on its thread, so operations return nothing.
 */
class InterruptCellLincheckSpec : LincheckSpec(InterruptOperations::class, threads = 2, interleavings = 1_000)

class InterruptOperations {
    private val cell = InterruptCell()
    private val interrupts = AtomicIntegerArray(BODIES)
    private val interrupted = AtomicIntegerArray(BODIES)
    private val givenUp = AtomicIntegerArray(BODIES)
    private val abandoned = AtomicIntegerArray(BODIES)

    @Volatile private var latest = 0

    /** The thread of the cell runs a body; no longer once one has been given up. */
    @Operation(nonParallelGroup = "thread")
    fun run() {
        if (cell.wasAbandoned()) return
        val body = latest + 1
        latest = body // by one thread at a time
        cell.begin(body)
        val wasInterrupted = cell.end(body)
        check(!Thread.interrupted()) { "body $body has left an interrupt" }
        check(!cell.wasDisturbed()) { "body $body was interrupted by nobody" }
        if (wasInterrupted) interrupted.incrementAndGet(body)
        if (cell.wasAbandoned()) abandoned.incrementAndGet(body)
    }

    @Operation
    fun interrupt() {
        tryInterrupt(latest)
    }

    @Operation
    fun interruptAndGiveUp() {
        val body = latest
        if (tryInterrupt(body) && cell.abandon(body)) givenUp.incrementAndGet(body)
    }

    private fun tryInterrupt(body: Int) = cell.interruptBody(body).also { if (it) interrupts.incrementAndGet(body) }

    @Validate
    fun bothKnow() {
        for (body in 0 until BODIES) {
            check(interrupted.get(body) == interrupts.get(body)) { "body $body was interrupted, and does not know" }
            check(abandoned.get(body) == givenUp.get(body)) { "body $body was given up, and does not know" }
        }
    }

    private companion object {
        /** More than there are operations. */
        const val BODIES = 12
    }
}

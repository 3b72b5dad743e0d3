package dev.gather.coroutines.internal.cells

import org.jetbrains.lincheck.datastructures.Operation
import org.jetbrains.lincheck.datastructures.Validate
import java.util.concurrent.atomic.AtomicInteger

/**
 * Interrupt of a body × another that begins and ends inside of it, on the same thread: never the wrong one is hit,
 * and the interrupt is there when the first is on top again.
 */
class CoversLincheckSpec : LincheckSpec(CoversOperations::class, threads = 2, interleavings = 200)

class CoversOperations {
    private val below = InterruptCell()
    private val onTop = InterruptCell()
    private val interrupts = AtomicInteger()
    private val interrupted = AtomicInteger()

    @Operation(nonParallelGroup = "thread")
    fun run() {
        below.begin(BELOW)
        Covers.around {
            onTop.begin(ON_TOP)
            check(!onTop.end(ON_TOP) && !onTop.wasDisturbed()) { "the wrong body was interrupted" }
        }
        val isSent = interrupts.get() > interrupted.get()
        check(!isSent || Thread.currentThread().isInterrupted) { "the interrupt was lost" }
        if (below.end(BELOW)) interrupted.incrementAndGet()
        check(!Thread.interrupted()) { "the interrupt came too late" }
    }

    @Operation
    fun interrupt() {
        if (below.interruptBody(BELOW)) interrupts.incrementAndGet()
    }

    @Validate
    fun eachHasArrived() = check(interrupts.get() == interrupted.get()) { "$interrupts were sent, $interrupted came" }

    private companion object {
        const val BELOW = 1
        const val ON_TOP = 2
    }
}

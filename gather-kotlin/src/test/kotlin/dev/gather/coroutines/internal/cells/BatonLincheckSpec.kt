package dev.gather.coroutines.internal.cells

import org.jetbrains.lincheck.datastructures.Operation
import org.jetbrains.lincheck.datastructures.Validate
import java.util.concurrent.atomic.AtomicInteger

/** Read × read of the input: one reader at a time, and it learns exactly how many have left because of it. */
class BatonLincheckSpec : LincheckSpec(BatonOperations::class)

class BatonOperations {
    private val baton = Baton(1)
    private val readers = AtomicInteger()
    private val left = AtomicInteger()
    private val madeUpFor = AtomicInteger()

    @Operation
    fun read() {
        if (!baton.takeOrLeave()) {
            left.incrementAndGet()
            return
        }
        readAndGiveBack()
    }

    @Operation
    fun readIfFree() {
        if (baton.tryTake()) readAndGiveBack()
    }

    private fun readAndGiveBack() {
        check(readers.incrementAndGet() == 1) { "two read at once" }
        readers.decrementAndGet()
        madeUpFor.addAndGet(baton.giveBack())
    }

    @Validate
    fun nobodyIsLost() = check(left.get() == madeUpFor.get()) { "$left left, but there was word of $madeUpFor" }
}

package dev.gather.coroutines.internal.cells

import org.jetbrains.lincheck.datastructures.Operation
import org.jetbrains.lincheck.datastructures.Validate
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger

/**
 * The last token given back × a cancel that wants one × a look whether anybody is busy: the run ends once, nobody
 * gets a token after that, and no worker is overlooked.
 */
class TokensLincheckSpec : LincheckSpec(TokensOperations::class)

class TokensOperations {
    private val tokens = Tokens()
    private val firstIsBack = AtomicBoolean()
    private val ends = AtomicInteger()

    /** The worker that started the run leaves. */
    @Operation(nonParallelGroup = "worker")
    fun leave() {
        if (firstIsBack.compareAndSet(false, true)) giveBack()
    }

    /** It waits for stages that are there, none of which makes it a worker. */
    @Operation(nonParallelGroup = "worker")
    fun awaitTwo() {
        if (firstIsBack.get()) return
        tokens.takeIdle(2)
        repeat(2) { if (tokens.giveBackIdle()) ends.incrementAndGet() }
    }

    /** The worker starts a task that waits for a stage, and that ends. */
    @Operation(nonParallelGroup = "worker")
    fun awaitStage() {
        if (firstIsBack.get()) return
        tokens.takeIdle(1)
        tokens.getBusy()
        giveBack()
    }

    @Operation
    fun look() {
        if (!tokens.tryTake()) return
        val isForsaken = tokens.isForsaken()
        check(!isForsaken || firstIsBack.get()) { "the worker was overlooked" }
        giveBack()
    }

    /** A cancel from outside, which must be over before the run ends. */
    @Operation
    fun cancel() {
        if (!tokens.tryTake()) return
        check(ends.get() == 0) { "the run had ended" }
        giveBack()
    }

    @Validate
    fun endedOnce() = check(ends.get() == if (firstIsBack.get()) 1 else 0) { "ended $ends times" }

    private fun giveBack() {
        if (tokens.giveBack()) ends.incrementAndGet()
    }
}

package dev.gather.coroutines.internal.cells

import dev.gather.Limiter
import org.jetbrains.lincheck.datastructures.Operation
import org.jetbrains.lincheck.datastructures.Validate
import java.util.concurrent.CompletableFuture

/** Ask × give up × give back: the one permit is not lost to who gives up in the moment of the grant. */
class LimiterLincheckSpec : LincheckSpec(LimiterOperations::class, threads = 2, interleavings = 100)

class LimiterOperations {
    private val limiter = Limiter.concurrent(1)
    private val asked = arrayOfNulls<CompletableFuture<Limiter.Permit>>(2)

    @Operation(nonParallelGroup = "one")
    fun ask1() = ask(0)

    @Operation(nonParallelGroup = "one")
    fun end1() = end(0)

    @Operation(nonParallelGroup = "two")
    fun ask2() = ask(1)

    @Operation(nonParallelGroup = "two")
    fun end2() = end(1)

    @Validate
    fun nobodyIsLost() =
        check(limiter.active() + limiter.waiting() == asked.count { it != null }) { "nobody has it: $limiter" }

    private fun ask(number: Int) {
        if (asked[number] == null) asked[number] = limiter.acquire()
    }

    /** Gives the permit back, or does not want it any more; whether it had it. */
    private fun end(number: Int): Boolean {
        val future = asked[number] ?: return false
        asked[number] = null
        if (future.cancel(false)) return false
        future.join().close()
        return true
    }
}

package dev.gather.coroutines.internal

import dev.gather.Limiter
import org.jetbrains.lincheck.datastructures.Operation
import org.jetbrains.lincheck.datastructures.Validate
import java.util.concurrent.CompletableFuture

/**
 * Ask × give up × give back, by three who want the one permit: nobody passes by who came earlier, and none is lost
 * to one who has given up in the moment of the grant.
 */
class LimiterLincheckSpec : LincheckSpec(LimiterOperations::class, threads = 2, interleavings = 100)

class LimiterOperations {
    private val limiter = Limiter.concurrent(1)
    private val asked = arrayOfNulls<CompletableFuture<Limiter.Permit>>(3)

    @Operation(nonParallelGroup = "one")
    fun ask1() = ask(0)

    @Operation(nonParallelGroup = "one")
    fun end1() = end(0)

    @Operation(nonParallelGroup = "two")
    fun ask2() = ask(1)

    @Operation(nonParallelGroup = "two")
    fun end2() = end(1)

    @Operation(nonParallelGroup = "three")
    fun ask3() = ask(2)

    @Operation(nonParallelGroup = "three")
    fun end3() = end(2)

    @Validate
    fun nothingIsLost() = check(asked.any { it != null } || limiter.active() == 0) { "nobody has it: $limiter" }

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

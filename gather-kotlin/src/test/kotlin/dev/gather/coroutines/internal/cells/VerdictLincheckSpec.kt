package dev.gather.coroutines.internal.cells

import dev.gather.CancelReason
import org.jetbrains.lincheck.datastructures.Operation

/** First failure × first failure × stop: of each kind one wins, and only an error of the JVM replaces a failure. */
class VerdictLincheckSpec : LincheckSpec(VerdictOperations::class)

class VerdictOperations {
    private val verdict = Verdict()

    @Operation
    fun failA() = verdict.tryFail(A)

    @Operation
    fun failB() = verdict.tryFail(B)

    @Operation
    fun jvmFailC() = verdict.tryFail(C)

    @Operation
    fun jvmFailD() = verdict.tryFail(D)

    @Operation
    fun failure() = verdict.failure()?.name

    @Operation
    fun stopForFailure() = verdict.tryStop(CancelReason.OTHER_FAILED)

    @Operation
    fun stopForTimeout() = verdict.tryStop(CancelReason.TIMEOUT)

    @Operation
    fun stop() = verdict.stop()

    private companion object {
        val A = Verdict.FirstFailure(0, "A", Exception(), false)
        val B = Verdict.FirstFailure(1, "B", Exception(), false)
        val C = Verdict.FirstFailure(2, "C", StackOverflowError(), true)
        val D = Verdict.FirstFailure(3, "D", OutOfMemoryError(), true)
    }
}

package dev.gather.coroutines.internal.cells

import org.jetbrains.lincheck.datastructures.Operation

/** Acquire × acquire × release: never more permits are out than there are, and none is lost. */
class PermitsLincheckSpec : LincheckSpec(PermitsOperations::class)

class PermitsOperations {
    private val permits = Permits.of(2)

    @Operation
    fun tryAcquire() = permits.tryAcquire()

    @Operation
    fun release() = permits.release()

    @Operation
    fun anyFree() = permits.anyFree()
}

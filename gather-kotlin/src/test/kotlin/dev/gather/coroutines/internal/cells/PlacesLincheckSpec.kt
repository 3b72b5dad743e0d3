package dev.gather.coroutines.internal.cells

import org.jetbrains.lincheck.datastructures.Operation

/** Acquire × acquire × release: never more places are out than there are, and none is lost. */
class PlacesLincheckSpec : LincheckSpec(PlacesOperations::class)

class PlacesOperations {
    private val places = Places.of(2)

    @Operation
    fun tryAcquire() = places.tryAcquire()

    @Operation
    fun release() = places.release()

    @Operation
    fun anyFree() = places.anyFree()
}

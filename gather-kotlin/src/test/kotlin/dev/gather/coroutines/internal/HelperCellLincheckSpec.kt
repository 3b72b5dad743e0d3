package dev.gather.coroutines.internal

import org.jetbrains.lincheck.datastructures.Operation

/** Call × arrival × revocation of a helper: every helper that is called is taken out of the cell once. */
class HelperCellLincheckSpec : LincheckSpec(HelperOperations::class)

class HelperOperations {
    private val helper = HelperCell()

    @Operation
    fun tryCall() = helper.tryCall()

    @Operation
    fun tryArrive() = helper.tryArrive()

    @Operation
    fun tryRevoke() = helper.tryRevoke()

    @Operation
    fun isFree() = helper.isFree
}

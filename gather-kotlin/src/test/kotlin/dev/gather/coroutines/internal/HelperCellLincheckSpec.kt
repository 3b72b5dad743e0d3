package dev.gather.coroutines.internal

import org.jetbrains.lincheck.datastructures.Operation

/**
 * Call × arrival × revocation of a helper: every helper that is called is taken out of the cell once, and
 * brings the token that is given back then.
 */
class HelperCellLincheckSpec : LincheckSpec(HelperOperations::class)

class HelperOperations {
    private val tokens = Tokens() // the first is held by the worker that calls
    private val helper = HelperCell(tokens)

    @Operation
    fun tryCall() = helper.tryCall()

    @Operation
    fun tryArrive() = helper.tryArrive().also { if (it) giveBack() }

    @Operation
    fun tryRevoke() = helper.tryRevoke().also { if (it) giveBack() }

    @Operation
    fun isFree() = helper.isFree

    private fun giveBack() = check(!tokens.giveBack()) { "the run has ended before its worker" }
}

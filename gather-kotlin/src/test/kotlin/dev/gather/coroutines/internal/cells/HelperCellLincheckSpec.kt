package dev.gather.coroutines.internal.cells

import org.jetbrains.lincheck.datastructures.IntGen
import org.jetbrains.lincheck.datastructures.Operation
import org.jetbrains.lincheck.datastructures.Param

/**
 * Call × arrival × revocation of a helper: every helper that is called is taken out of the cell once, and
 * brings the token that is given back then.
 */
class HelperCellLincheckSpec : LincheckSpec(HelperOperations::class)

class HelperOperations {
    private val tokens = Tokens() // the first is held by the worker that calls
    private val helper = HelperCell(tokens)

    private var notYetSent = 0 // of the one sender that comes to an end of it

    /** By one that never gets further than that. */
    @Operation
    fun tryCall(
        @Param(gen = IntGen::class, conf = "1:2") most: Int,
    ) = helper.tryCall(most)

    @Operation(nonParallelGroup = "sender")
    fun tryCallAndSend(
        @Param(gen = IntGen::class, conf = "1:2") most: Int,
    ) = helper.tryCall(most).also { if (it) notYetSent++ }

    @Operation(nonParallelGroup = "sender")
    fun sent() {
        if (notYetSent == 0) return
        notYetSent--
        helper.sent()
    }

    @Operation
    fun isTaken() = helper.isTaken

    @Operation
    fun tryArrive() = helper.tryArrive().also { if (it) giveBack() }

    @Operation
    fun revoke() = helper.revoke().also { left -> repeat(left) { giveBack() } }

    @Operation
    fun hasRoom(
        @Param(gen = IntGen::class, conf = "1:2") most: Int,
    ) = helper.hasRoom(most)

    @Operation
    fun isComing() = helper.isComing

    @Operation
    fun sending() = helper.sending()

    private fun giveBack() = check(!tokens.giveBack()) { "the run has ended before its worker" }
}

package dev.gather.coroutines.internal.cells

import org.jetbrains.lincheck.datastructures.Operation

/** Cancel × completion of a stage × end of its grace: one cancel at most, one end, and no cancel after the end. */
class StageCellLincheckSpec : LincheckSpec(StageOperations::class)

class StageOperations {
    private val cell = StageCell()

    @Operation
    fun tryCancel() = cell.tryCancel()

    /** Null if it had ended; else whether it was cancelled before. */
    @Operation
    fun end() = if (cell.tryEnd()) cell.wasCancelled() else null

    @Operation
    fun tryAbandon() = cell.tryAbandon()

    @Operation
    fun tryComeBack() = cell.tryComeBack()
}

package dev.gather.coroutines.internal.cells

import org.jetbrains.lincheck.datastructures.IntGen
import org.jetbrains.lincheck.datastructures.Operation
import org.jetbrains.lincheck.datastructures.Param

/** Reserve × write × read of cells, in the first array and beyond it: nothing that was written is lost. */
class SlotsLincheckSpec : LincheckSpec(SlotsOperations::class)

@Param(name = "cell", gen = IntGen::class, conf = "0:3")
@Param(name = "value", gen = IntGen::class, conf = "1:9")
class SlotsOperations {
    private val slots = Slots(1)

    @Volatile private var reserved = 1

    @Operation(nonParallelGroup = "reader of the input")
    fun reserve() {
        if (reserved == CELLS.size) return
        slots.reserve(CELLS[reserved])
        reserved++ // by one thread at a time
    }

    @Operation
    fun set(
        @Param(name = "cell") cell: Int,
        @Param(name = "value") value: Int,
    ): Boolean {
        if (cell >= reserved) return false
        slots.set(CELLS[cell], value)
        return true
    }

    @Operation
    fun get(
        @Param(name = "cell") cell: Int,
    ): Any? = if (cell >= reserved) "not there" else slots.get(CELLS[cell])

    private companion object {
        /** The first array has one cell; then the first and the last cell of a block, and the first of the next. */
        val CELLS = intArrayOf(0, 1, 1_024, 1_025)
    }
}

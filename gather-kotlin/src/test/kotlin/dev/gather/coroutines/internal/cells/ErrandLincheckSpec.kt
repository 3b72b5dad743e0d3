package dev.gather.coroutines.internal.cells

import org.jetbrains.lincheck.datastructures.IntGen
import org.jetbrains.lincheck.datastructures.Operation
import org.jetbrains.lincheck.datastructures.Param

/** Leave × take over × arrive: whoever waits for it is served once, and nobody takes it from who waits. */
class ErrandLincheckSpec : LincheckSpec(ErrandOperations::class)

@Param(name = "order", gen = IntGen::class, conf = "0:2")
class ErrandOperations {
    private val orders = List(3) { "order $it" }
    private val errand = Errand(orders[0])

    @Operation
    fun leave(
        @Param(name = "order") order: Int,
    ) = errand.leave(orders[order])

    @Operation
    fun adopt(
        @Param(name = "order") order: Int,
    ) = errand.adopt(orders[order])

    @Operation
    fun arrive() = errand.arrive()

    @Operation
    fun order() = errand.order()
}

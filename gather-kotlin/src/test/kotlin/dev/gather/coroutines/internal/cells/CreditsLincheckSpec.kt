package dev.gather.coroutines.internal.cells

import org.jetbrains.lincheck.datastructures.IntGen
import org.jetbrains.lincheck.datastructures.Operation
import org.jetbrains.lincheck.datastructures.Param

/** Demand × pass: nobody passes for nothing, and no demand is lost. */
class CreditsLincheckSpec : LincheckSpec(CreditsOperations::class)

@Param(name = "n", gen = IntGen::class, conf = "1:3")
class CreditsOperations {
    private val credits = Credits()

    @Operation
    fun add(
        @Param(name = "n") n: Int,
    ) = credits.add(n.toLong())

    @Operation
    fun addWithoutEnd() = credits.add(Long.MAX_VALUE)

    @Operation
    fun tryTake() = credits.tryTake()

    @Operation
    fun anyLeft() = credits.anyLeft()
}

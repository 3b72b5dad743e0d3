package dev.gather.coroutines.internal.cells

import io.kotest.core.spec.style.FunSpec
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions
import org.jetbrains.lincheck.datastructures.StressOptions
import kotlin.reflect.KClass

/**
 * Every way in which a few threads may run the operations of a state cell must look as if they had run
 * one after another. The model checker tries the interleavings one by one; the stress run lets the
 * processor reorder.
 */
abstract class LincheckSpec(
    operations: KClass<*>,
    threads: Int = 3,
    interleavings: Int = 500,
) : FunSpec({
        test("$operations looks sequential to the model checker") {
            ModelCheckingOptions()
                .threads(threads)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .iterations(SCENARIOS)
                .invocationsPerIteration(interleavings)
                .check(operations)
        }

        test("$operations looks sequential under stress") {
            StressOptions()
                .threads(threads)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .iterations(SCENARIOS)
                .invocationsPerIteration(interleavings)
                .check(operations)
        }
    }) {
    private companion object {
        val SCENARIOS = 10 * Integer.getInteger("gather.stress", 1)
    }
}

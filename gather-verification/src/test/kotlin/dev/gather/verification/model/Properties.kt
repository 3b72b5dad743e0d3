package dev.gather.verification.model

import dev.gather.verification.guarantee.SECONDS
import io.kotest.common.ExperimentalKotest
import io.kotest.property.Arb
import io.kotest.property.PropTestConfig
import io.kotest.property.PropertyTesting
import io.kotest.property.ShrinkingMode
import io.kotest.property.checkAll
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** How many random cases a property is tried on; the stress profile multiplies them. */
val CASES: Int = 1_000 * Integer.getInteger("gather.stress", 1)

/** Tries the engine on random plans, and shrinks a counterexample; plans about which the law says nothing are passed over. */
@OptIn(ExperimentalKotest::class) // the configuration
suspend fun compareWithModel(
    plans: Arb<Plan>,
    side: Side,
    engine: (Plan, Model, patience: Duration) -> Record,
) {
    PropertyTesting.writeFailedSeed = false // into the home directory
    var compared = 0
    var patience = SECONDS.seconds
    checkAll(PropTestConfig(iterations = CASES, shrinkingMode = ShrinkingMode.Bounded(200)), plans) { plan ->
        val model =
            try {
                Model(plan, side).run()
            } catch (_: Ambiguous) {
                return@checkAll
            }
        compared++
        val expected = model.record.toString()
        val actual = engine(plan, model, patience).toString()
        if (expected == actual) return@checkAll
        patience = 1.seconds // from now on it shrinks
        throw AssertionError("the model says:$expected\nthe engine does:$actual")
    }
    check(compared > CASES / 2) { "only $compared of $CASES plans were clear enough to compare" }
}

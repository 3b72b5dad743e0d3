package dev.gather.verification.model

import io.kotest.core.spec.style.FunSpec

class SuspendModelSpec :
    FunSpec({
        SuspendDriver.dispatchers.forEach { (name, dispatcher) ->
            test("the suspend functions do what the model says, $name") {
                compareWithModel(
                    Plans(Plans.Dialect.KOTLIN),
                    Side.KOTLIN,
                ) { plan, _, _ -> SuspendDriver.run(plan, dispatcher) }
            }
        }
    })

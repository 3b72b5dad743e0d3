package dev.gather.verification.model

import io.kotest.core.spec.style.FunSpec

class FutureModelSpec :
    FunSpec({
        test("the facade does what the model says, with stages on one thread") {
            compareWithModel(Plans(Plans.Dialect.STAGES), Side.JAVA) { plan, model, patience ->
                FutureDriver(plan, model, OneThread(), patience).run()
            }
        }

        test("the facade does what the model says, with blocking bodies and stages on many threads") {
            ManyThreads().use { threads ->
                compareWithModel(Plans(Plans.Dialect.THREADS), Side.JAVA) { plan, model, patience ->
                    FutureDriver(plan, model, threads, patience).run()
                }
            }
        }
    })

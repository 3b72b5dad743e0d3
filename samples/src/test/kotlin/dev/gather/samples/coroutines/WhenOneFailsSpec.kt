package dev.gather.samples.coroutines

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

/** Where the tutorials contradict each other: what happens to the others when one fails. */
class WhenOneFailsSpec :
    FunSpec({
        test("each policy in turn") {
            printedBy { out -> WhenOneFails(out).run() } shouldBe
                """
                0.0 --- CANCEL_OTHERS ---
                1.0 users finished
                1.5 products failed
                1.5 orders was cancelled
                1.5 The caller sees: Failed to fetch from products
                1.5 --- AWAIT_OTHERS ---
                2.5 users finished
                3.0 products failed
                3.5 orders finished
                3.5 The caller sees: Failed to fetch from products
                3.5 --- LEAVE_OTHERS ---
                4.5 users finished
                5.0 products failed
                5.0 The caller sees: Failed to fetch from products
                5.5 orders finished
                """.trimIndent()
        }
    })

package dev.gather.verification.coroutine

import dev.gather.verification.guarantee.SECONDS
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlin.time.Duration.Companion.seconds

/** A body runs in a coroutine of its own: whatever it does or looks at is as in `async`, in a supervised scope. */
class OwnCoroutineSpec :
    FunSpec({
        timeout = (30 * SECONDS).seconds.inWholeMilliseconds

        fun compare(
            behaviour: Behaviour,
            way: Way,
        ) {
            for ((how, pause) in PAUSES) {
                withClue("$how, in virtual time") {
                    behaviour.seen(way, pause, inVirtualTime = true) shouldBe behaviour.expected
                }
                if (behaviour.meets) continue
                withClue("$how, on many threads") {
                    behaviour.seen(way, pause, inVirtualTime = false) shouldBe behaviour.expected
                }
            }
        }

        for (behaviour in JOBS + HELPERS + CONTEXT) {
            for (way in listOf(Way.async) + Way.all) {
                if (behaviour fits way) test("$behaviour: $way") { compare(behaviour, way) }
            }
        }
    })

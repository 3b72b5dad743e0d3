package dev.gather.coroutines.internal.run

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

/** When a worker lets bodies that have suspended go on before it starts others. */
class TurnsSpec :
    FunSpec({
        fun Turns.oneTurn(
            held: Int,
            ended: Int,
            nanos: Long = 20_000,
        ) {
            makesWay(held, 7)
            isAway shouldBe true
            comesBack(held - 1 - ended, 7 + nanos) // the worker has given back its own
            isAway shouldBe false
        }

        test("it does so rarely where they wait for longer than that") {
            val turns = Turns()
            turns.crowd shouldBe 64
            turns.oneTurn(held = 65, ended = 0)
            turns.crowd shouldBe 128
            repeat(20) { turns.oneTurn(held = 1_000, ended = 0) }
            turns.crowd shouldBe 65_536
        }

        test("it does so often again where they have gone on to their end") {
            val turns = Turns()
            repeat(2) { turns.oneTurn(held = 1_000, ended = 0) }
            turns.oneTurn(held = 1_000, ended = 256)
            turns.crowd shouldBe 128
            repeat(2) { turns.oneTurn(held = 1_000, ended = 256) }
            turns.crowd shouldBe 64
        }

        test("some that have ended are no reason for either") {
            val turns = Turns()
            turns.oneTurn(held = 65, ended = 10)
            turns.crowd shouldBe 64
        }

        test("it does so hardly ever where others have the thread for long meanwhile") {
            val turns = Turns()
            turns.oneTurn(held = 65, ended = 64, nanos = 2_000_000)
            turns.crowd shouldBe 1_024
            repeat(4) { turns.oneTurn(held = 20_000, ended = 19_000, nanos = 2_000_000) }
            turns.crowd shouldBe 65_536
        }

        test("few tasks never do so") {
            Turns.ENDLESS.crowd shouldBe Int.MAX_VALUE
        }
    })

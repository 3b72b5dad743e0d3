package dev.gather.verification.guarantee

import dev.gather.coroutines.gather
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeInRange
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.runTest

/** What else waits for the same thread has its turn while a gather goes on. */
class FairnessSpec :
    FunSpec({
        test("a gather of many bodies lets other coroutines run on its one thread (Kotlin)") {
            runBlocking {
                var ended = 0
                val seen = ArrayList<Int>()
                launch { seen += ended }
                (1..MANY).gather { ended++ }
                seen.single() shouldBeInRange 1..MANY / 10
            }
        }

        test("so does one of bodies that suspend (Kotlin)") {
            runBlocking {
                var started = 0
                val gate = CompletableDeferred<Int>()
                launch { gate.complete(started) }
                val seen =
                    (1..MANY).gather {
                        started++
                        gate.await()
                    }
                seen.first() shouldBeInRange 1..MANY / 10
            }
        }

        test("and in virtual time (Kotlin)") {
            runTest {
                var ended = 0
                val seen = ArrayList<Int>()
                launch { seen += ended }
                (1..MANY).gather { ended++ }
                seen.single() shouldBeInRange 1..MANY / 10
            }
        }
    })

private const val MANY = 30_000

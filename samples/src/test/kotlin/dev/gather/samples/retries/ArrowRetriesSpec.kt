package dev.gather.samples.retries

import arrow.resilience.Schedule
import arrow.resilience.retry
import dev.gather.GatherException
import dev.gather.GatherTimeoutException
import dev.gather.coroutines.gather
import dev.gather.samples.coroutines.printedBy
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withTimeout
import java.io.IOException
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds

class ArrowRetriesSpec :
    FunSpec({
        val program = ArrowRetries(Trial.NOWHERE)

        test("all that it prints, and when") {
            printedBy { out -> ArrowRetries(out).run() } shouldBe
                """
                0.0 --- the third attempt answers ---
                0.0 users: attempt 1 fails
                1.0 users: attempt 2 fails
                2.0 users: attempt 3 answers
                2.0 [users]
                2.0 --- the deadline passes between two attempts ---
                2.0 prices: attempt 1 fails
                2.5 gather timed out after 500ms: 0/1 done; unfinished: task[0], attempts: 1
                2.5 --- the caller cancels between two attempts ---
                2.5 stock: attempt 1 fails
                3.0 cancelled, attempts: 1
                3.0 --- no attempt answers, and there is a fallback ---
                3.0 orders: attempt 1 fails
                4.0 orders: attempt 2 fails
                5.0 orders: attempt 3 fails
                5.0 [nothing]
                """.trimIndent()
        }

        test("after the deadline no attempt is made, however much time passes") {
            runTest {
                val down = FlakyEndpoint.down(Trial.NOWHERE, "down")
                shouldThrow<GatherTimeoutException> { program.fetchAll(listOf(down), timeout = 500.milliseconds) }
                delay(1.hours)
                down.attempts() shouldBe 1
            }
        }

        test("after a cancel no attempt is made, however much time passes") {
            runTest {
                val down = FlakyEndpoint.down(Trial.NOWHERE, "down")
                val caller = launch { program.fetchAll(listOf(down)) }
                delay(500.milliseconds)
                caller.cancelAndJoin()
                delay(1.hours)
                down.attempts() shouldBe 1
            }
        }

        test("what the last attempt throws reaches the caller") {
            runTest {
                val down = FlakyEndpoint.down(Trial.NOWHERE, "down")
                shouldThrow<IOException> { program.fetchAll(listOf(down)) }.message shouldBe "down is down"
                down.attempts() shouldBe 3
            }
        }

        test("an attempt that withTimeout ends is not made again") {
            runTest {
                var attempts = 0
                val schedule = Schedule.recurs<IOException>(2)
                val late: suspend () -> Int = {
                    attempts++
                    withTimeout(100.milliseconds) { awaitCancellation() }
                }
                val thrown = shouldThrow<GatherException> { gather({ schedule.retry { late() } }) }
                thrown.cause.shouldBeInstanceOf<TimeoutCancellationException>()
                attempts shouldBe 1
            }
        }
    })

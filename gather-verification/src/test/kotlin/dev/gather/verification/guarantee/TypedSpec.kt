package dev.gather.verification.guarantee

import dev.gather.CancelReason
import dev.gather.FailurePolicy
import dev.gather.GatherTimeoutException
import dev.gather.Limiter
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherOptions
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import java.io.IOException
import java.util.concurrent.TimeoutException
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

private data class Page(
    val user: Int,
    val orders: String,
)

/** Kotlin: tasks of different types, whose values are combined. */
class TypedSpec :
    FunSpec({
        fun <T> after(
            pause: Long,
            value: T,
        ): suspend () -> T = { value.also { delay(pause) } }

        val one = after(50, 1)
        val two = after(20, "2")
        val never: suspend () -> Nothing = { awaitCancellation() }

        test("each of two to nine values has its type and its place") {
            runTest {
                val i = after(10, 1)
                val s = after(5, "s")
                gather(i, s) { a, b -> "${a + 1}${b.length}" } shouldBe "21"
                gather(i, s, i) { a, b, c -> "${a + 1}${b.length}${c - 1}" } shouldBe "210"
                gather(i, s, i, s) { a, b, c, d -> listOf(a + c, b + d) } shouldBe listOf(2, "ss")
                gather(i, s, i, s, i) { a, b, c, d, e -> listOf(a + c + e, b + d) } shouldBe listOf(3, "ss")
                gather(i, s, i, s, i, s) { a, b, c, d, e, f -> listOf(a + c + e, b + d + f) } shouldBe listOf(3, "sss")
                gather(i, s, i, s, i, s, i) { a, b, c, d, e, f, g -> listOf(a + c + e + g, b + d + f) } shouldBe
                    listOf(4, "sss")
                gather(i, s, i, s, i, s, i, s) { a, b, c, d, e, f, g, h ->
                    listOf(a + c + e + g, b + d + f + h)
                } shouldBe listOf(4, "ssss")
                gather(i, s, i, s, i, s, i, s, i) { a, b, c, d, e, f, g, h, j ->
                    listOf(a + c + e + g + j, b + d + f + h)
                } shouldBe listOf(5, "ssss")
            }
        }

        test("a limit for two to nine tasks; each value is in its place") {
            runTest {
                suspend fun took(call: suspend () -> Any?): Pair<Any?, Long> {
                    val start = currentTime
                    return call() to currentTime - start
                }

                fun t(value: Int) = after(10, value)
                took { gather(t(1), t(2), limit = 1) { a, b -> listOf(a, b) } } shouldBe (listOf(1, 2) to 20L)
                took { gather(t(1), t(2), t(3), limit = 1) { a, b, c -> listOf(a, b, c) } } shouldBe
                    (listOf(1, 2, 3) to 30L)
                took { gather(t(1), t(2), t(3), t(4), limit = 1) { a, b, c, d -> listOf(a, b, c, d) } } shouldBe
                    ((1..4).toList() to 40L)
                took {
                    gather(t(1), t(2), t(3), t(4), t(5), limit = 1) { a, b, c, d, e -> listOf(a, b, c, d, e) }
                } shouldBe ((1..5).toList() to 50L)
                took {
                    gather(t(1), t(2), t(3), t(4), t(5), t(6), limit = 1) { a, b, c, d, e, f ->
                        listOf(a, b, c, d, e, f)
                    }
                } shouldBe ((1..6).toList() to 60L)
                took {
                    gather(t(1), t(2), t(3), t(4), t(5), t(6), t(7), limit = 1) { a, b, c, d, e, f, g ->
                        listOf(a, b, c, d, e, f, g)
                    }
                } shouldBe ((1..7).toList() to 70L)
                took {
                    gather(t(1), t(2), t(3), t(4), t(5), t(6), t(7), t(8), limit = 1) { a, b, c, d, e, f, g, h ->
                        listOf(a, b, c, d, e, f, g, h)
                    }
                } shouldBe ((1..8).toList() to 80L)
                took {
                    gather(t(1), t(2), t(3), t(4), t(5), t(6), t(7), t(8), t(9), limit = 1) {
                        a,
                        b,
                        c,
                        d,
                        e,
                        f,
                        g,
                        h,
                        i,
                        ->
                        listOf(a, b, c, d, e, f, g, h, i)
                    }
                } shouldBe ((1..9).toList() to 90L)
            }
        }

        test("combine may be a lambda, a function value, a reference or a suspend function, in its place or by name") {
            runTest {
                val function: (Int, String) -> Page = { user, orders -> Page(user, orders) }
                val suspending: suspend (Int, String) -> Page = { user, orders -> Page(user, orders).also { delay(1) } }
                val page = Page(1, "2")
                gather(one, two, ::Page) shouldBe page
                gather(one, two, function) shouldBe page
                gather(one, two, suspending) shouldBe page
                gather(one, two, { user, orders -> Page(user, orders) }) shouldBe page
                gather(one, two, combine = ::Page) shouldBe page
                gather(one, two, limit = 1, combine = ::Page) shouldBe page
                gather(one, two, limit = 1, combine = function) shouldBe page
                gather(one, two, options = gatherOptions(limit = 1), combine = suspending) shouldBe page
                gather(a = one, b = two) { user, orders -> Page(user, orders) } shouldBe page
                // Without it, it is a list; so it is if the last is a task.
                gather(one, two) shouldBe listOf(1, "2")
                gather(one, two, { 3 }) shouldBe listOf(1, "2", 3)
                gather(one, two, timeout = 1.seconds) shouldBe listOf(1, "2")
            }
        }

        test("combine is called when every task has ended, in the caller's coroutine, and may suspend") {
            runTest {
                val callers = currentCoroutineContext()[Job]
                for (call in listOf<suspend (suspend (Int, String) -> Long) -> Long>(
                    { combine -> gather(one, two, combine) },
                    { combine -> gather(one, two, limit = 2, combine = combine) },
                )) {
                    val start = currentTime
                    call { user, orders ->
                        currentCoroutineContext()[Job] shouldBeSameInstanceAs callers
                        Page(user, orders) shouldBe Page(1, "2")
                        delay(100)
                        currentTime - start
                    } shouldBe 150
                }
            }
        }

        test("what combine throws is thrown as it is, and a cancel of the caller reaches it") {
            runTest {
                val error = IOException("boom")
                shouldThrow<IOException> { gather(one, two) { _, _ -> throw error } } shouldBeSameInstanceAs error
                shouldThrow<IOException> {
                    gather(one, two, limit = 1) { _, _ -> throw error }
                } shouldBeSameInstanceAs error
                val log = mutableListOf<String>()
                val running =
                    launch {
                        gather({ 1 }, { 2 }) { a, b ->
                            log += "combining $a $b"
                            try {
                                awaitCancellation()
                            } finally {
                                log += "cancelled"
                            }
                        }
                    }
                runCurrent()
                running.cancelAndJoin()
                log shouldBe listOf("combining 1 2", "cancelled")
            }
        }

        test("a deadline is that of the tasks, keeps what is there, and has no hold on combine") {
            runTest {
                var combined = 0
                val late =
                    shouldThrow<GatherTimeoutException> {
                        gather(two, never, timeout = 30.milliseconds) { _, _ -> combined++ }
                    }
                late.outcomes() shouldBe
                    listOf(Outcome.Success("2"), Outcome.Cancelled<Int>(CancelReason.TIMEOUT, true))
                currentTime shouldBe 30
                combined shouldBe 0
                gather(one, two, timeout = 60.milliseconds) { a, _ -> a.also { delay(1.seconds) } } shouldBe 1
            }
        }

        test("each task may have its own time") {
            runTest {
                shouldThrow<TimeoutException> {
                    gather(two, never, taskTimeout = 30.milliseconds) { _, _ -> "combined" }
                }.message shouldBe "task[1] did not end within 30ms"
                currentTime shouldBe 30
            }
        }

        test("a permit of a limiter is for each task, and combine has none") {
            runTest {
                val limiter = Limiter.concurrent(1)
                gather(one, two, limiter = limiter) { _, _ -> limiter.active() } shouldBe 0
                currentTime shouldBe 70
            }
        }

        for (policy in FailurePolicy.entries) {
            test("the first failure is thrown as it is, and nothing is combined, under $policy") {
                runTest {
                    val error = IOException("boom")
                    val ends = mutableListOf<Long>()
                    val owner = Job()
                    val scope = CoroutineScope(owner).takeIf { policy == FailurePolicy.LEAVE_OTHERS }
                    var combined = 0
                    val body =
                        suspend {
                            try {
                                delay(50)
                            } finally {
                                ends += currentTime
                            }
                        }
                    val fails: suspend () -> Int = {
                        delay(10)
                        throw error
                    }
                    shouldThrow<IOException> {
                        gather(fails, body, onFailure = policy, scope = scope) { _, _ -> combined++ }
                    } shouldBeSameInstanceAs error
                    combined shouldBe 0
                    when (policy) {
                        FailurePolicy.CANCEL_OTHERS -> ends shouldBe listOf(10L)
                        FailurePolicy.AWAIT_OTHERS -> ends shouldBe listOf(50L)
                        FailurePolicy.LEAVE_OTHERS -> ends.shouldBeEmpty()
                    }
                    owner.cancelAndJoin()
                    ends.size shouldBe 1
                }
            }
        }

        test("bad options are refused, and nothing starts") {
            runTest {
                var started = 0
                val body = suspend { started++ }
                for (call in listOf<suspend () -> Any?>(
                    { gather(body, body, limit = 0) { _, _ -> 1 } },
                    { gather(body, body, timeout = (-1).seconds) { _, _ -> 1 } },
                    { gather(body, body, taskTimeout = (-1).seconds) { _, _ -> 1 } },
                    { gather(body, body, onFailure = FailurePolicy.LEAVE_OTHERS) { _, _ -> 1 } },
                )) {
                    shouldThrow<IllegalArgumentException> { call() }
                }
                started shouldBe 0
            }
        }
    })

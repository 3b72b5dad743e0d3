package dev.gather.verification.faults

import arrow.core.Either
import arrow.core.left
import arrow.core.raise.either
import arrow.core.right
import dev.gather.CancelReason
import dev.gather.FailurePolicy
import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAny
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.coroutines.gatherSettled
import dev.gather.verification.guarantee.SECONDS
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

private typealias RaisingCall = suspend (body: suspend (Int) -> Int) -> Any?

/**
 * A cancellation that is control flow of a scope further out leaves the gather as it is; one that means that something
 * was cancelled, or ran out of its own time, is what became of its task.
 */
class SuspendControlFlowSpec :
    FunSpec({
        timeout = (3 * SECONDS).seconds.inWholeMilliseconds

        /** In virtual time: whoever swallows what should end it hangs, and that takes no time. */
        fun inTime(test: suspend TestScope.() -> Unit) = runTest { withTimeout(1.minutes) { this@runTest.test() } }

        for ((form, call) in calls) {
            test("what a body raises reaches the scope that waits for it, and the others are cancelled: $form") {
                for (suspends in listOf(false, true)) {
                    inTime {
                        var cancelled = 0
                        val result: Either<String, Any?> =
                            either {
                                call { item ->
                                    if (suspends) yield()
                                    if (item == 2) raise("no $item")
                                    try {
                                        awaitCancellation()
                                    } finally {
                                        cancelled++
                                    }
                                }
                            }
                        withClue("suspends: $suspends") { result shouldBe "no 2".left() }
                        // Those that had started: the first may have raised before there were others.
                        (cancelled <= 2) shouldBe true
                    }
                }
            }

            test("what a body raises within itself is its own business: $form") {
                inTime {
                    val results = call { item -> either<Int, Int> { raise(item) }.fold({ it }, { -it }) }
                    numbersOf(results).all { it in ITEMS } shouldBe true
                }
            }

            test("what a body raises goes past a gather in between: $form") {
                inTime {
                    val result: Either<String, Any?> =
                        either {
                            listOf(1).gatherSettled {
                                call { item ->
                                    if (item ==
                                        2
                                    ) {
                                        raise("far")
                                    } else {
                                        awaitCancellation()
                                    }
                                }
                            }
                        }
                    result shouldBe "far".left()
                }
            }

            test("a collector further out that has enough ends the gather that emits to it: $form") {
                val ways: Map<String, suspend (Flow<Int>) -> Any?> =
                    mapOf(
                        "first" to { it.first() },
                        "first with a condition" to { flow -> flow.first { it > 0 } },
                        "take" to { it.take(1).toList().single() },
                    )
                for ((way, collect) in ways) {
                    inTime {
                        val numbers = Unchecked { collector ->
                            call { item ->
                                if (item != 2) awaitCancellation()
                                item.also { collector.emit(it) }.also { awaitCancellation() }
                            }
                        }
                        withClue(way) { collect(numbers) shouldBe 2 }
                    }
                }
            }

            test("a deadline further out ends the gather as it would end anything: $form") {
                inTime {
                    withTimeoutOrNull(10.milliseconds) { call { awaitCancellation() } } shouldBe null
                    shouldThrow<TimeoutCancellationException> {
                        withTimeout(10.milliseconds) { call { awaitCancellation() } }
                    }
                    val inner =
                        withTimeoutOrNull(1.hours) {
                            withTimeoutOrNull(10.milliseconds) { call { awaitCancellation() } } ?: "inner"
                        }
                    inner shouldBe "inner"
                }
            }
        }

        val own: Map<String, suspend () -> Nothing> =
            mapOf(
                "a plain cancellation" to { throw CancellationException("own") },
                "a cancelled deferred" to {
                    CompletableDeferred<Nothing>().apply { cancel(CancellationException("its own")) }.await()
                },
                "a cancelled job, without a reason" to { CompletableDeferred<Nothing>().apply { cancel() }.await() },
                "a timeout within" to { withTimeout(5.milliseconds) { awaitCancellation() } },
                "a timeout within a timeout" to
                    { withTimeout(1.hours) { withTimeout(5.milliseconds) { awaitCancellation() } } },
                "an outer timeout within" to
                    { withTimeout(5.milliseconds) { withTimeout(1.hours) { awaitCancellation() } } },
            )
        for ((kind, end) in own) {
            test("$kind is a failure of the task") {
                inTime {
                    val body: suspend (Int) -> Int = { if (it == 2) end() else it }
                    val cancelled = Outcome.Cancelled<Int>(CancelReason.TASK, true)
                    val expected = listOf(Outcome.Success(1), cancelled, Outcome.Success(3))
                    ITEMS.gatherSettled(body = body) shouldBe expected
                    ITEMS.gatherSettled(limit = 1, taskTimeout = 1.hours, body = body) shouldBe expected
                    ITEMS
                        .gatherAsCompleted(body = body)
                        .toList()
                        .sortedBy { it.index }
                        .map { it.outcome } shouldBe expected
                    val failure = shouldThrow<GatherException> { ITEMS.gather(body = body) }
                    failure.index() shouldBe 1
                    failure.cause.shouldBeInstanceOf<CancellationException>()
                    shouldThrow<GatherException> { ITEMS.asFlow().gather(limit = 3, body = body).collect() }
                    listOf(2, 3).gatherAny(body = body) shouldBe 3
                    shouldThrow<GatherException> { listOf(2).gatherAny(body = body) }
                }
            }

            test("$kind is a failure of the task also under a deadline further out, and for either") {
                inTime {
                    val body: suspend (Int) -> Int = { if (it == 2) end() else it }
                    val outcomes = withTimeoutOrNull(1.hours) { ITEMS.gatherSettled(timeout = 1.hours, body = body) }
                    outcomes!!.map { it.isSuccess } shouldBe listOf(true, false, true)
                    either<String, Int> { ITEMS.gatherSettled(body = body).count { it.isSuccess } } shouldBe 2.right()
                }
            }
        }

        test("a task that runs out of its time, of its gather's and of its own: the shorter one counts") {
            inTime {
                val waits: suspend (Int) -> Int = { it.also { delay(1.hours) } }
                val byTask = ITEMS.gatherSettled(taskTimeout = 5.milliseconds, timeout = 1.seconds, body = waits)
                byTask.all { it is Outcome.Failure } shouldBe true
                val byGather = ITEMS.gatherSettled(taskTimeout = 1.seconds, timeout = 5.milliseconds, body = waits)
                byGather shouldBe List(3) { Outcome.Cancelled(CancelReason.TIMEOUT, true) }
                val byBody =
                    ITEMS.gatherSettled(taskTimeout = 1.seconds, timeout = 1.minutes) {
                        withTimeout(5.milliseconds) { waits(it) }
                    }
                byBody shouldBe List(3) { Outcome.Cancelled(CancelReason.TASK, true) }
            }
        }
    })

private val ITEMS = listOf(1, 2, 3)

private val calls: Map<String, RaisingCall> =
    mapOf(
        "gather" to { body -> ITEMS.gather(body = body) },
        "gather, limited" to { body -> ITEMS.gather(limit = 2, body = body) },
        "gather with timeouts" to { body -> ITEMS.gather(timeout = 1.hours, taskTimeout = 1.hours, body = body) },
        "gather that leaves the others" to { body ->
            val owner = CoroutineScope(SupervisorJob())
            try {
                ITEMS.gather(onFailure = FailurePolicy.LEAVE_OTHERS, scope = owner, body = body)
            } finally {
                owner.cancel()
            }
        },
        "gatherSettled" to { body -> ITEMS.gatherSettled(body = body) },
        "gatherSettled, with task timeouts" to { body -> ITEMS.gatherSettled(taskTimeout = 1.hours, body = body) },
        "gatherAny" to { body -> ITEMS.gatherAny(body = body) },
        "Iterable.gatherAsCompleted" to
            { body -> ITEMS.gatherAsCompleted(body = body).toList().map { it.getOrThrow() } },
        "Flow.gather" to { body -> ITEMS.asFlow().gather(limit = 3, body = body).toList() },
        "Flow.gatherAsCompleted" to
            { body ->
                ITEMS
                    .asFlow()
                    .gatherAsCompleted(limit = 3, body = body)
                    .toList()
                    .map { it.getOrThrow() }
            },
    )

private fun numbersOf(results: Any?): List<Any?> =
    if (results is List<*>) results.map { if (it is Outcome<*>) it.getOrThrow() else it } else listOf(results)

/** A flow that lets whoever runs inside the collection emit, as operators of kotlinx do among themselves. */
private class Unchecked(
    private val block: suspend (FlowCollector<Int>) -> Unit,
) : Flow<Int> {
    override suspend fun collect(collector: FlowCollector<Int>) = block(collector)
}

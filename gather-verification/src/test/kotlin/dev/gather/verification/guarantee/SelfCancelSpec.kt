package dev.gather.verification.guarantee

import dev.gather.CancelReason
import dev.gather.FailurePolicy
import dev.gather.GatherException
import dev.gather.Outcome
import dev.gather.coroutines.gather
import dev.gather.coroutines.gatherAny
import dev.gather.coroutines.gatherAsCompleted
import dev.gather.coroutines.gatherAtLeast
import dev.gather.coroutines.gatherSettled
import dev.gather.future.Gather
import dev.gather.future.Task
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.isActive
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withTimeout
import java.time.Duration
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutionException

class SelfCancelSpec :
    BothDoors({
        both("a body that throws CancellationException fails all and cancels the others") { door ->
            val own = CancellationException("own")
            val (a, b) = List(2) { Piece<Int>() }
            val running = door.all(listOf(a, b))
            a.started.soon()
            b.started.soon()
            a.throws(own)
            val end = running.end()
            end.shouldBeInstanceOf<End.Failed>().cause shouldBeSameInstanceAs own
            val thrown = end.thrown.shouldBeInstanceOf<GatherException>()
            thrown.index() shouldBe 0
            thrown.outcomes() shouldBe
                listOf(
                    Outcome.Cancelled<Int>(CancelReason.TASK, true),
                    Outcome.Cancelled<Int>(CancelReason.OTHER_FAILED, true),
                )
            b.noticed.isDone shouldBe true
        }

        both("it is the first failure like any other, whatever the policy") { door ->
            for (policy in FailurePolicy.entries) {
                val own = CancellationException("own")
                val end = door.all(listOf(failure(own), value(1)), How(limit = 1, onFailure = policy)).end()
                end.shouldBeInstanceOf<End.Failed>().cause shouldBeSameInstanceAs own
            }
        }

        both("settled says so and touches nobody") { door ->
            val own = CancellationException("own")
            val a = Piece<Int>()
            val running = door.settled(listOf(a, failure(own), value(2)))
            a.started.soon()
            a.returns(0)
            running.end() shouldBe
                End.Value(
                    listOf(Outcome.Success(0), Outcome.Cancelled(CancelReason.TASK, true), Outcome.Success(2)),
                )
        }

        both("the outcome carries what the task has thrown, in settled and in the exception of all") { door ->
            val own = CancellationException("own")
            val settled = door
                .settled(listOf(failure(own), value(2)))
                .end()
                .shouldBeInstanceOf<End.Value<*>>()
                .value
            causeOf((settled as List<*>)[0]) shouldBeSameInstanceAs own
            val all = door.all(listOf(value(1), failure(own)), How(limit = 1)).end().shouldBeInstanceOf<End.Failed>()
            causeOf(all.thrown.shouldBeInstanceOf<GatherException>().outcomes()[1]) shouldBeSameInstanceAs own
        }

        test("as results come (Java)") {
            val own = CancellationException("own")
            val gather = Gather.of(failure<Int>(own).task())
            gather.stream().use { causeOf(it.toList().single().outcome) shouldBeSameInstanceAs own }
            shouldThrow<GatherException> { gather.any().join() }.cause shouldBeSameInstanceAs own
            shouldThrow<GatherException> { gather.atLeast(1).join() }.cause shouldBeSameInstanceAs own
        }

        test("as results come (Kotlin)") {
            val own = CancellationException("own")
            val body: suspend (Int) -> Int = { throw own }
            causeOf(
                listOf(1)
                    .gatherAsCompleted(body = body)
                    .toList()
                    .single()
                    .outcome,
            ) shouldBeSameInstanceAs own
            for (call in listOf<suspend () -> Any?>(
                { listOf(1).gatherAny(body = body) },
                { listOf(1).gatherAtLeast(1, body = body) },
                { flowOf(1).gather(limit = 1, body = body).toList() },
            )) {
                shouldThrow<GatherException> { call() }.cause shouldBeSameInstanceAs own
            }
        }

        test("a timeout inside of a body does not look like the cancel of a user (Kotlin)") {
            runTest {
                val outcome = gatherSettled({ withTimeout(1) { awaitCancellation() } }).single()
                causeOf(outcome).shouldBeInstanceOf<TimeoutCancellationException>()
            }
        }

        both("who was cancelled by others has no cause of their own") { door ->
            val end = door.settled(listOf(Piece<Int>()), How(timeout = Duration.ofMillis(1))).end()
            causeOf((end.shouldBeInstanceOf<End.Value<*>>().value as List<*>).single()) shouldBe null
        }

        test("the future is failed and not cancelled (Java)") {
            val own = CancellationException("own")
            val future = Gather.of(failure<Int>(own).task()).all()
            shouldThrow<ExecutionException> { future.soon() }.cause shouldBeSameInstanceAs own
            shouldThrow<GatherException> { future.join() }.cause shouldBeSameInstanceAs own
            future.isCancelled shouldBe false
            future.isCompletedExceptionally shouldBe true
        }

        test("a stage that somebody else cancels (Java)") {
            val stage = CompletableFuture<Int>()
            val other = Piece<Int>()
            val future = Gather.of(Task.started(stage), other.task()).all()
            other.started.soon()
            stage.cancel(true)
            shouldThrow<ExecutionException> { future.soon() }.cause.shouldBeInstanceOf<CancellationException>()
            future.isCancelled shouldBe false
            other.noticed.isDone shouldBe true
        }

        test("a stage derived from one that somebody else cancels, which wraps the cancellation (Java)") {
            val stage = CompletableFuture<Int>()
            val produced = CompletableFuture<Int>()
            val tasks = listOf(Task.started(stage.thenApply { it }), Task.async { produced.thenApply { it } })
            val future = Gather.of(tasks).settled()
            stage.cancel(true)
            produced.cancel(true)
            future.soon() shouldBe List(2) { Outcome.Cancelled<Int>(CancelReason.TASK, true) }
        }

        test("a stage that had been cancelled before (Java)") {
            val stage = CompletableFuture<Int>()
            stage.cancel(true)
            val future = Gather.started(listOf(stage)).all()
            shouldThrow<ExecutionException> { future.soon() }.cause.shouldBeInstanceOf<CancellationException>()
            future.isCancelled shouldBe false
            Gather.started(listOf(stage)).settled().soon() shouldBe
                listOf(Outcome.Cancelled<Int>(CancelReason.TASK, true))
        }

        test("another gather that somebody else cancels (Java)") {
            val piece = Piece<Int>()
            val inner = Gather.of(piece.task()).all()
            val outer = Gather.started(listOf(inner)).all()
            piece.started.soon()
            inner.cancel(true)
            shouldThrow<ExecutionException> { outer.soon() }.cause.shouldBeInstanceOf<CancellationException>()
            outer.isCancelled shouldBe false
        }

        test("a Deferred that somebody else cancels (Kotlin)") {
            runTest {
                val cancelled = CompletableDeferred<Int>()
                val other = CompletableDeferred(1)
                cancelled.cancel(CancellationException("somebody else"))
                val thrown = shouldThrow<GatherException> { listOf(other, cancelled).gather() }
                thrown.cause.shouldBeInstanceOf<CancellationException>().message shouldBe "somebody else"
                thrown.index() shouldBe 1
                currentCoroutineContext().isActive shouldBe true
                listOf(other, cancelled).gatherSettled() shouldBe
                    listOf(Outcome.Success(1), Outcome.Cancelled(CancelReason.TASK, true))
            }
        }

        test("a time limit inside a body (Kotlin)") {
            runTest {
                val late: suspend () -> Int = { withTimeout(10) { awaitCancellation() } }
                val thrown = shouldThrow<GatherException> { gather(late, { awaitCancellation() }) }
                thrown.cause.shouldBeInstanceOf<TimeoutCancellationException>()
                testScheduler.currentTime shouldBe 10
                currentCoroutineContext().isActive shouldBe true
                gatherSettled(late, { 1 }) shouldBe
                    listOf(Outcome.Cancelled(CancelReason.TASK, true), Outcome.Success(1))
                delay(1) // the caller may go on to suspend
            }
        }
    })

private fun causeOf(outcome: Any?): Throwable? = outcome.shouldBeInstanceOf<Outcome.Cancelled<*>>().cause
